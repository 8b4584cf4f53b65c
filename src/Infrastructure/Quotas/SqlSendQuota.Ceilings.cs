namespace FollowUp.Infrastructure.Quotas;

/// <content>Counting against the operator's ceilings.</content>
internal sealed partial class SqlSendQuota
{
    private async Task<Move?> TakeFromCeiling(ClaimedStep step, Channel channel, DateTimeOffset now, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                var refused = await ceilings.Take(step.Instance.OwnerId, channel, now, cancellationToken);
                if (refused is { } move)
                {
                    // Otherwise each of the owner's due steps would be claimed only to be refused, which takes hours for 200,000 of them.
                    await rescheduler.UntilTomorrow(step.Instance.OwnerId, channel, move, firstOnly: false, cancellationToken);
                }

                return refused;
            }
            catch (Exception failure) when (PostgresFailures.IsTransient(failure) && step.Lease.IsSafe)
            {
                await BeforeRetry(failure, cancellationToken);
            }
        }
    }
}
