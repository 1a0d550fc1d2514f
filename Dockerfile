# The images of GAS: a target for each kind of service, layers shared between them.
#
#   api         the HTTP door            annotator   the annotation engine and its worker
#   worker      archiver, restorer, thawer, notifier, reconciler
#   issuer      an OpenID Connect issuer to develop with; production has a real one
#
# Every target installs from uv.lock. Nothing here is secret: settings come by the environment.

ARG PYTHON_IMAGE=python:3.13-slim
ARG NODE_IMAGE=node:22-slim

# ------------------------------------------------------------------------- frontend assets
FROM ${NODE_IMAGE} AS assets
WORKDIR /frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN --mount=type=cache,target=/root/.npm npm ci --no-audit --no-fund
COPY frontend/*.js ./
COPY frontend/assets assets
RUN npm run build

# ------------------------------------------------------------------------------ the wheel
# With a compiler, for the annotation kernel; nothing of this stage but the wheel is kept.
FROM ${PYTHON_IMAGE} AS build
RUN apt-get update \
    && apt-get install -y --no-install-recommends gcc libc6-dev \
    && rm -rf /var/lib/apt/lists/*
RUN --mount=type=cache,target=/root/.cache/pip pip install --root-user-action=ignore uv==0.13.9
ENV UV_PYTHON_DOWNLOADS=never
WORKDIR /src
# The kernel by itself first: a change anywhere else does not compile it again.
COPY pyproject.toml README.md LICENSE hatch_build.py ./
COPY gas/annotation/kernel gas/annotation/kernel
RUN --mount=type=cache,target=/root/.cache/uv \
    mkdir services && uv build --wheel --out-dir /tmp/kernel && rm -r /tmp/kernel
COPY gas gas
COPY services services
RUN --mount=type=cache,target=/root/.cache/uv uv build --wheel --out-dir /wheel

# ----------------------------------------------------------------------- the dependencies
# One stage on top of the other, so that what images have in common is stored once.
FROM ${PYTHON_IMAGE} AS core
RUN groupadd --gid 10001 gas \
    && useradd --uid 10001 --gid gas --no-create-home --home-dir /nonexistent gas
ENV PATH=/opt/gas/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    UV_PROJECT_ENVIRONMENT=/opt/gas \
    UV_PYTHON_DOWNLOADS=never \
    UV_COMPILE_BYTECODE=1 \
    UV_LINK_MODE=copy
WORKDIR /opt
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,from=build,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=pyproject.toml,target=/opt/pyproject.toml \
    --mount=type=bind,source=uv.lock,target=/opt/uv.lock \
    uv sync --locked --no-dev --no-install-project

FROM core AS engine
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,from=build,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=pyproject.toml,target=/opt/pyproject.toml \
    --mount=type=bind,source=uv.lock,target=/opt/uv.lock \
    uv sync --locked --no-dev --no-install-project --extra engine \
    && (cd /opt/gas/lib/python3.13/site-packages/pyarrow && rm -r tests include *flight*) \
    && python -c 'import pyarrow.parquet, pysam, deflate' \
    && install -d -o gas -g gas /var/lib/gas/reference
ENV GAS_REFERENCE_DIRECTORY=/var/lib/gas/reference

FROM engine AS http
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,from=build,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=pyproject.toml,target=/opt/pyproject.toml \
    --mount=type=bind,source=uv.lock,target=/opt/uv.lock \
    uv sync --locked --no-dev --no-install-project --extra engine --extra api

FROM core AS sign-in
RUN --mount=type=cache,target=/root/.cache/uv \
    --mount=type=bind,from=build,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,source=pyproject.toml,target=/opt/pyproject.toml \
    --mount=type=bind,source=uv.lock,target=/opt/uv.lock \
    uv sync --locked --no-dev --no-install-project --extra issuer

# ------------------------------------------------------------------------------ the images
FROM core AS worker
RUN --mount=type=bind,from=build,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,from=build,source=/wheel,target=/wheel \
    uv pip install --python /opt/gas --no-cache --no-deps /wheel/*.whl
USER 10001:10001

FROM engine AS annotator
RUN --mount=type=bind,from=build,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,from=build,source=/wheel,target=/wheel \
    uv pip install --python /opt/gas --no-cache --no-deps /wheel/*.whl
USER 10001:10001
CMD ["python", "-m", "services.annotator"]

FROM sign-in AS issuer
RUN --mount=type=bind,from=build,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,from=build,source=/wheel,target=/wheel \
    uv pip install --python /opt/gas --no-cache --no-deps /wheel/*.whl
USER 10001:10001
CMD ["python", "-m", "gas.embedded.issuer", "8000", "--host", "0.0.0.0"]

FROM http AS api
RUN --mount=type=bind,from=build,source=/usr/local/bin/uv,target=/usr/local/bin/uv \
    --mount=type=bind,from=build,source=/wheel,target=/wheel \
    uv pip install --python /opt/gas --no-cache --no-deps /wheel/*.whl
COPY frontend/templates /srv/frontend/templates
COPY --from=assets /frontend/dist /srv/frontend/dist
ENV GAS_FRONTEND_DIRECTORY=/srv/frontend \
    GAS_HOST=0.0.0.0 \
    GAS_PORT=8000
USER 10001:10001
EXPOSE 8000
CMD ["python", "-m", "services.api"]
