#!/usr/bin/env bash
# LocalStack runs this when it is ready: deploy GAS's resources, and nothing else. The container is
# healthy once this has succeeded, so whoever depends on it finds everything in place.
#
# LocalStack keeps nothing over a restart, so the stack is always new. `aws cloudformation deploy`
# would do too, but looks only every 30 seconds whether it is done.
set -euo pipefail

stack=${GAS_PREFIX:-gas}
longest_delay=900 # seconds, of SQS; longer retention is served by the reconciler
retention=${GAS_FREE_RETENTION_SECONDS:-300}
retention=${retention%.*}

awslocal cloudformation create-stack \
    --stack-name "$stack" \
    --template-body file:///etc/gas/gas-resources.yaml \
    --parameters \
    "ParameterKey=Prefix,ParameterValue=$stack" \
    "ParameterKey=ArchiveDelaySeconds,ParameterValue=$((retention < longest_delay ? retention : longest_delay))" \
    "ParameterKey=AllowedOrigin,ParameterValue=$GAS_PUBLIC_URL" >/dev/null

# The template's MailFrom is not known to LocalStack (AWS::SES::EmailIdentity): this confirms the
# sender instead, as its owner does on AWS.
awslocal ses verify-email-identity --email-address "$GAS_MAIL_ADDRESS"

status=CREATE_IN_PROGRESS
while [ "$status" = CREATE_IN_PROGRESS ]; do
    sleep 0.5
    status=$(awslocal cloudformation describe-stacks --stack-name "$stack" \
        --query 'Stacks[0].StackStatus' --output text)
done
if [ "$status" != CREATE_COMPLETE ]; then
    echo "GAS's resources could not be deployed ($status):" >&2
    awslocal cloudformation describe-stack-events --stack-name "$stack" --output text \
        --query "StackEvents[?ends_with(ResourceStatus, '_FAILED')].[LogicalResourceId, ResourceStatusReason]" >&2
    exit 1
fi
