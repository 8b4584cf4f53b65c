namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// Decides which claim to make next and where it starts: divides the free lanes among probes, the backlogs of outages and due steps, and among
/// owners. Only the pump claims, one claim at a time.
/// </summary>
internal sealed class ClaimPlanner(Breakers breakers, DispatchOptions options, TimeProvider time)
{
    private readonly OwnerRoundRobin _roundRobin = new(time);
    private readonly BacklogPlanner _backlogs = new(breakers, options, time);
    private readonly LowWaterMark _ofAll = new(time, options.PollInterval);
    private readonly LowWaterMark _ofEach = new(time, options.PollInterval, step => step.Instance.OwnerId.Value);

    /// <param name="running">The steps that hold the other lanes; null when lanes are not shared between owners.</param>
    public LaneShares Shares(int lanes, IReadOnlyCollection<ClaimedStep>? running) =>
        new(lanes, running ?? [], running is null ? 0 : _roundRobin.Waiting);

    /// <summary>Fills the lanes of a round.</summary>
    /// <param name="fromFront">Whether to start at the oldest job instead of where the last claim found one.</param>
    /// <returns>How long the pump has nothing to claim; null for as long as no job falls due.</returns>
    public async Task<TimeSpan?> Fill(ClaimRound round, bool fromFront, CancellationToken cancellationToken)
    {
        // Probes first: other steps may fill the lanes of every claim for hours, and the channel would stay closed for as long.
        await ClaimProbes(round, cancellationToken);
        await _backlogs.Claim(round, _backlogs.ShareOf(round.Free), cancellationToken);
        var nextDue = await ClaimDue(round, fromFront);
        await _backlogs.Claim(round, round.Free, cancellationToken);
        // This claim may have discovered a breaker that may be probed.
        await ClaimProbes(round, cancellationToken);
        await _roundRobin.Look(round.Connection, backlog: round.MayLeaveMore || round.Shares.Withheld, cancellationToken);
        TimeSpan? nextPermit = breakers.Recovering.Count > 0 ? BacklogPlanner.Gathering : null;
        return round.MayLeaveMore ? TimeSpan.Zero
            : nextPermit < nextDue ? nextPermit
            : nextDue ?? nextPermit;
    }

    /// <summary>Limits in statements are powers of two, so that few statements have to be prepared.</summary>
    public static int PowerOfTwo(int most) => 1 << int.Log2(most);

    /// <summary>Claims at most one step for each channel that may be probed as of the last read of the breakers, while there are free lanes.</summary>
    private async Task ClaimProbes(ClaimRound round, CancellationToken cancellationToken)
    {
        foreach (var channel in breakers.ReadyToProbe)
        {
            if (
                round.Free > 0
                && await breakers.BeginProbe(round.Connection, channel, cancellationToken) is { } instance
                && (await round.Claim(PlannedClaim.ProbeWith(instance))).Steps.Count == 0
            )
            {
                // Paused, stopped or claimed by another node since it was found.
                await breakers.SentNothing(channel, instance, cancellationToken);
            }
        }
    }

    /// <summary>Fills the remaining lanes with due steps of healthy channels; returns the time until the next job is due, if it was read.</summary>
    private async Task<TimeSpan?> ClaimDue(ClaimRound round, bool fromFront)
    {
        var served = round.Free > 0 ? _roundRobin.Next(round.Free, round.HasLanes) : [];
        if (served.Length > 0)
        {
            var mark = fromFront ? null : _ofEach;
            var each = PowerOfTwo(Math.Min(round.Free / served.Length, served.Min(round.LeftOf)));
            Passed(
                mark,
                served,
                await round.Claim(PlannedClaim.OldestOfEach(ClaimStatements.NoOpenBreaker, served, each, mark?.Next(served)))
            );
        }

        if (round.Free <= 0)
        {
            return null;
        }

        // A claim of no steps is still useful: it returns when the next job is due.
        var open = Math.Min(round.Free, round.LanesForAnyOwner());
        var marked = fromFront || open <= 0 ? null : _ofAll;
        var most = open > 0 ? PowerOfTwo(open) : 0;
        var claim = await round.Claim(PlannedClaim.Oldest(ClaimStatements.NoOpenBreaker, most, marked?.Next()));
        Passed(marked, [Guid.Empty], claim);
        return claim.NextDue;
    }

    /// <summary>
    /// Moves a mark to where the claim found jobs. Up to millions of steps that wait for a breaker or belong to a backlog are due but not claimed
    /// here. Once a claim has read past them and found nothing, the next one does not read them again: when their channel recovers, they are claimed
    /// from the front.
    /// </summary>
    private void Passed(LowWaterMark? mark, Guid[] lines, Claim claim)
    {
        mark?.Passed(claim.Steps);
        if (breakers.Open.Count > 0 || breakers.Recovering.Count > 0)
        {
            mark?.PassedOver(lines, claim.Steps, claim.LookedUntil);
        }
    }
}
