"""Pages stay where they are while they load: nothing jumps away from under a pointer."""

from gas.annotation import demo_vcf
from tests.browser.conftest import Seated

GOOD = 0.1
"""web.dev, "Cumulative Layout Shift": good is 0.1 or less."""

_WATCH = """
window.shifted = 0;
new PerformanceObserver((list) => {
  for (const entry of list.getEntries()) if (!entry.hadRecentInput) window.shifted += entry.value;
}).observe({ type: "layout-shift", buffered: true });
"""


async def test_no_page_jumps(paying: Seated) -> None:
    job = await paying.user.completed(demo_vcf().read_bytes())
    await paying.context.add_init_script(_WATCH)
    of_job = ("", "/variants", "/variants/100", "/genome")
    jumps = {}
    for path in ("/jobs", "/jobs/new", "/account", *(f"/jobs/{job.id}{page}" for page in of_job)):
        await paying.open(path)
        await paying.page.wait_for_load_state("networkidle")
        jumps[path] = await paying.page.evaluate("window.shifted")

    assert {path: jump for path, jump in jumps.items() if jump > GOOD} == {}
