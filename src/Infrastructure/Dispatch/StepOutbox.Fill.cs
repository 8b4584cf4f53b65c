using FollowUp.Application.Instances;
using FollowUp.Infrastructure.Instances;

namespace FollowUp.Infrastructure.Dispatch;

/// <content>How a claim divides the free lanes among probes, the backlogs of outages and due steps, and among owners.</content>
internal sealed partial class StepOutbox
{
    private async Task<Claim> ClaimMost(
        NpgsqlConnection connection,
        int most,
        LaneShares shares,
        LowWaterMarks? marks,
        UnseenClaim unseen,
        CancellationToken cancellationToken
    )
    {
        List<ClaimedStep> steps = [];
        // Probes first: other steps may fill the lanes of every claim for hours, and the channel would stay closed for as long.
        await ClaimProbes(connection, most, steps, unseen, cancellationToken);
        await ClaimBacklogs(connection, ShareOfBacklogs(most - steps.Count), steps, shares, unseen, cancellationToken);
        var nextDue = await ClaimDue(connection, most, steps, shares, marks, unseen, cancellationToken);
        await ClaimBacklogs(connection, most - steps.Count, steps, shares, unseen, cancellationToken);
        // This claim may have discovered a breaker that may be probed.
        await ClaimProbes(connection, most, steps, unseen, cancellationToken);
        await _roundRobin.Look(connection, backlog: steps.Count > most / 2 || shares.Withheld, cancellationToken);
        TimeSpan? nextPermit = breakers.Recovering.Count > 0 ? Gathering : null;
        return new Claim(
            steps,
            steps.Count > most / 2 ? TimeSpan.Zero
                : nextPermit < nextDue ? nextPermit
                : nextDue ?? nextPermit
        );
    }

    /// <summary>Fills the remaining lanes with due steps of healthy channels; returns the time until the next job is due, if it was read.</summary>
    private async Task<TimeSpan?> ClaimDue(
        NpgsqlConnection connection,
        int most,
        List<ClaimedStep> steps,
        LaneShares shares,
        LowWaterMarks? marks,
        UnseenClaim unseen,
        CancellationToken cancellationToken
    )
    {
        TimeSpan? nextDue = null;
        var served = steps.Count < most ? _roundRobin.Next(most - steps.Count, owner => shares.LeftOf(owner, steps) > 0) : [];
        if (served.Length > 0)
        {
            var left = served.Min(owner => shares.LeftOf(owner, steps));
            var each = PowerOfTwo(Math.Min((most - steps.Count) / served.Length, left));
            var oldest = new Due(ClaimStatements.OldestOfEach(ClaimStatements.NoOpenBreaker, each), each * served.Length)
            {
                Owners = served,
                From = marks?.OfEach.Next(served) ?? [.. served.Select(_ => JobSortKey.Front)],
            };
            var claim = await Claim(connection, oldest, unseen, cancellationToken);
            marks?.OfEach.Passed(claim.Steps);
            PassOver(marks?.OfEach, served, claim);
            steps.AddRange(claim.Steps);
        }

        if (steps.Count < most)
        {
            // A claim of no steps is still useful: it returns when the next job is due.
            var open = Math.Min(most - steps.Count, shares.ForAnyOwner(steps));
            var free = open > 0 ? PowerOfTwo(open) : 0;
            var oldest = new Due(ClaimStatements.Oldest(ClaimStatements.NoOpenBreaker, free), free)
            {
                From = [free > 0 && marks is not null ? marks.OfAll.Next() : JobSortKey.Front],
            };
            var claim = await Claim(connection, oldest, unseen, cancellationToken);
            nextDue = claim.NextDue;
            if (free > 0)
            {
                marks?.OfAll.Passed(claim.Steps);
                PassOver(marks?.OfAll, [Guid.Empty], claim);
                steps.AddRange(claim.Steps);
            }
        }

        return nextDue;
    }

    /// <summary>
    /// Up to millions of steps that wait for a breaker or belong to a backlog are due but not claimed here. Once a claim has read past them and found
    /// nothing, the next one does not read them again: when their channel recovers, they are claimed from the front.
    /// </summary>
    private void PassOver(LowWaterMark? mark, Guid[] lines, Claim claim)
    {
        if (breakers.Open.Count > 0 || breakers.Recovering.Count > 0)
        {
            mark?.PassedOver(lines, claim.Steps, claim.LookedUntil);
        }
    }
}
