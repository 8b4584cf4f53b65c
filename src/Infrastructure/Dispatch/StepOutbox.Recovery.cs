using FollowUp.Application.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Infrastructure.Instances;

namespace FollowUp.Infrastructure.Dispatch;

/// <content>
/// The pace after an outage. When a breaker closes, the steps of its channel that are due by then are its backlog: all nodes together send at most
/// <c>Dispatcher:RecoveryPerSecond</c> of them per second, in a round-robin over owners and oldest first within an owner. A step that comes due
/// later is not part of it. See docs/adr/0088-a-backlog-is-shared.md.
/// </content>
internal sealed partial class StepOutbox
{
    /// <summary>
    /// How long permits accumulate before the pump looks again: a claim for each permit would cost more than the step it carries out.
    /// </summary>
    private static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

    /// <summary>
    /// Locks the channel's row, and nothing else, for the statement. <c>paced_until</c> is the time up to which the pace is used up; permits that
    /// were not used for more than a second expire, otherwise a burst would follow a pause.
    /// </summary>
    private const string PermitsSql = """
        UPDATE channel_breaker b SET paced_until = p.since + p.permits * @interval
        FROM (SELECT channel, since, greatest(least(@most, floor(extract(epoch FROM clock_timestamp() - since) * @rate)), 0)::int AS permits
              FROM (SELECT channel, greatest(paced_until, clock_timestamp() - interval '1 second') AS since
                    FROM channel_breaker WHERE channel = @channel AND backlog_until IS NOT NULL AND open_until IS NULL FOR UPDATE) locked) p
        WHERE b.channel = p.channel
        RETURNING p.permits
        """;

    /// <summary>
    /// Locks the channel's row. Ends the recovery when no job of the backlog is left. Rows that other transactions hold locked at this moment still
    /// count.
    /// </summary>
    private const string RecoveredSql = """
        UPDATE channel_breaker b SET backlog_until = NULL, paced_until = NULL
        WHERE channel = @channel AND backlog_until IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM step_job
                          WHERE claimable AND state = 'ready' AND step_type = @channel AND due_at < (SELECT max(backlog_until) FROM channel_breaker))
        """;

    private const string InBacklog = "due_at < (SELECT max(backlog_until) FROM channel_breaker)";

    /// <summary>The round-robin over the owners of each channel's backlog. Only the pump claims, one claim at a time.</summary>
    private readonly Dictionary<Channel, OwnerRoundRobin> _backlogRoundRobins = Enum.GetValues<Channel>()
        .ToDictionary(channel => channel, channel => new OwnerRoundRobin(time, JobOrder.Of(channel), InBacklog));

    /// <summary>The channel whose backlog was served last; the next claim starts with the other one.</summary>
    private Channel? _recoveredLast;

    private bool _backlogGetsMore;

    /// <summary>
    /// The number of free lanes that the backlogs may take before other due steps are claimed: half of them. With one free lane per claim, as when
    /// lanes become free one by one, every other claim's lane.
    /// </summary>
    private int ShareOfBacklogs(int places)
    {
        _backlogGetsMore = !_backlogGetsMore;
        return _backlogGetsMore ? (places + 1) / 2 : places / 2;
    }

    /// <summary>Claims steps of the backlogs, in equal shares if several channels have one.</summary>
    private async Task ClaimBacklogs(
        NpgsqlConnection connection,
        int places,
        List<ClaimedStep> steps,
        LaneShares shares,
        UnseenClaim unseen,
        CancellationToken cancellationToken
    )
    {
        var channels = breakers.Recovering.OrderBy(channel => channel == _recoveredLast).ToList();
        while (channels.Count > 0 && places > 0)
        {
            var share = (places + channels.Count - 1) / channels.Count;
            var claimed = await ClaimBacklog(connection, channels[0], share, steps, shares, unseen, cancellationToken);
            if (claimed > 0)
            {
                _recoveredLast = channels[0];
            }

            places -= claimed;
            channels.RemoveAt(0);
        }
    }

    /// <summary>Claims steps of a channel's backlog; returns the number.</summary>
    private async Task<int> ClaimBacklog(
        NpgsqlConnection connection,
        Channel channel,
        int most,
        List<ClaimedStep> steps,
        LaneShares shares,
        UnseenClaim unseen,
        CancellationToken cancellationToken
    )
    {
        var roundRobin = _backlogRoundRobins[channel];
        bool HasLanesLeft(Guid owner) => shares.LeftOf(owner, steps) > 0;
        // Permits that are taken and not used are lost.
        var places = roundRobin.AnyOf(HasLanesLeft) ? most : Math.Min(most, shares.ForAnyOwner(steps));
        var permits = places > 0 ? await TakePermits(connection, channel, places, cancellationToken) : 0;
        if (permits == 0)
        {
            if (shares.Withheld)
            {
                // Owners below their share may use the reserved lanes: query them.
                await roundRobin.Look(connection, backlog: true, cancellationToken);
            }

            return 0;
        }

        // From the front: the low-water marks have passed the steps that waited for the breaker.
        var before = steps.Count;
        var filter = $"{JobOrder.Of(channel)} AND {InBacklog}";
        var served = roundRobin.Next(permits, HasLanesLeft, evenOne: shares.AreBounded);
        if (served.Length > 0)
        {
            var each = PowerOfTwo(Math.Min(permits / served.Length, served.Min(owner => shares.LeftOf(owner, steps))));
            var due = new Due(ClaimStatements.OldestOfEach(filter, each), each * served.Length)
            {
                Owners = served,
                From = [.. served.Select(_ => JobSortKey.Front)],
            };
            steps.AddRange((await Claim(connection, due, unseen, cancellationToken)).Steps);
        }

        var left = Math.Min(permits - (steps.Count - before), shares.ForAnyOwner(steps));
        if (left > 0)
        {
            steps.AddRange((await Claim(connection, new Due(ClaimStatements.Oldest(filter, left), left), unseen, cancellationToken)).Steps);
        }

        var claimed = steps.Count - before;
        if (claimed == 0)
        {
            await using var recovered = new NpgsqlCommand(RecoveredSql, connection);
            recovered.Parameters.AddWithValue("channel", DbEnumNames.Upper(channel));
            await recovered.ExecuteNonQueryAsync(cancellationToken);
        }

        await roundRobin.Look(connection, backlog: claimed > 0 || shares.Withheld, cancellationToken);
        return claimed;
    }

    private async Task<int> TakePermits(NpgsqlConnection connection, Channel channel, int most, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(PermitsSql, connection);
        command.Parameters.AddWithValue("channel", DbEnumNames.Upper(channel));
        command.Parameters.AddWithValue("most", most);
        command.Parameters.AddWithValue("rate", options.RecoveryPerSecond);
        command.Parameters.AddWithValue("interval", TimeSpan.FromSeconds(1) / options.RecoveryPerSecond);
        return (int?)await command.ExecuteScalarAsync(cancellationToken) ?? 0;
    }
}
