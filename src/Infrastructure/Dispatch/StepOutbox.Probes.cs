using FollowUp.Application.Instances;

namespace FollowUp.Infrastructure.Dispatch;

/// <content>Claims of the steps that probe a provider whose breaker is open.</content>
internal sealed partial class StepOutbox
{
    /// <summary>
    /// Claims at most one step for each channel that may be probed as of the last read of the breakers, while there are free lanes.
    /// </summary>
    private async Task ClaimProbes(
        NpgsqlConnection connection,
        int most,
        List<ClaimedStep> steps,
        UnseenClaim unseen,
        CancellationToken cancellationToken
    )
    {
        foreach (var channel in breakers.ReadyToProbe)
        {
            if (steps.Count < most && await breakers.BeginProbe(connection, channel, cancellationToken) is { } instance)
            {
                var probe = new Due(ClaimStatements.DueOf, 1) { Probe = instance.Value };
                var claimed = (await Claim(connection, probe, unseen, cancellationToken)).Steps;
                steps.AddRange(claimed);
                if (claimed.Count == 0)
                {
                    // Paused, stopped or claimed by another node since it was found.
                    await breakers.SentNothing(channel, instance, cancellationToken);
                }
            }
        }
    }
}
