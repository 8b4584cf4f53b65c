namespace FollowUp.Infrastructure.Dispatch;

/// <summary>
/// The pace after an outage. When a breaker closes, the steps of its channel that are due by then are its backlog: all nodes together send at most
/// <c>Dispatcher:RecoveryPerSecond</c> of them per second, in a round-robin over owners and oldest first within an owner. A step that comes due
/// later is not part of it. See docs/adr/0088-a-backlog-is-shared.md.
/// </summary>
internal sealed class BacklogPlanner(Breakers breakers, DispatchOptions options, TimeProvider time)
{
    /// <summary>
    /// How long permits accumulate before the pump looks again: a claim for each permit would cost more than the step it carries out.
    /// </summary>
    public static readonly TimeSpan Gathering = TimeSpan.FromMilliseconds(100);

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

    private const string InBacklog = "due_at < (SELECT max(backlog_until) FROM channel_breaker)";

    /// <summary>
    /// Locks the channel's row. Ends the recovery when no job of the backlog is left. Rows that other transactions hold locked at this moment still
    /// count.
    /// </summary>
    private const string RecoveredSql = $"""
        UPDATE channel_breaker b SET backlog_until = NULL, paced_until = NULL
        WHERE channel = @channel AND backlog_until IS NOT NULL
          AND NOT EXISTS (SELECT 1 FROM step_job WHERE claimable AND state = 'ready' AND step_type = @channel AND {InBacklog})
        """;

    /// <summary>The round-robin over the owners of each channel's backlog.</summary>
    private readonly Dictionary<Channel, OwnerRoundRobin> _roundRobins = Enum.GetValues<Channel>()
        .ToDictionary(channel => channel, channel => new OwnerRoundRobin(time, JobOrder.Of(channel), InBacklog));

    /// <summary>The channel whose backlog was served last; the next claim starts with the other one.</summary>
    private Channel? _servedLast;

    private bool _getsMore;

    /// <summary>
    /// The number of free lanes that the backlogs may take before other due steps are claimed: half of them. With one free lane per claim, as when
    /// lanes become free one by one, every other claim's lane.
    /// </summary>
    public int ShareOf(int places)
    {
        _getsMore = !_getsMore;
        return _getsMore ? (places + 1) / 2 : places / 2;
    }

    /// <summary>Claims steps of the backlogs, in equal shares if several channels have one.</summary>
    public async Task Claim(ClaimRound round, int places, CancellationToken cancellationToken)
    {
        var channels = breakers.Recovering.OrderBy(channel => channel == _servedLast).ToList();
        for (var i = 0; i < channels.Count && places > 0; i++)
        {
            var left = channels.Count - i;
            var claimed = await Claim(round, channels[i], (places + left - 1) / left, cancellationToken);
            _servedLast = claimed > 0 ? channels[i] : _servedLast;
            places -= claimed;
        }
    }

    private async Task<int> Claim(ClaimRound round, Channel channel, int most, CancellationToken cancellationToken)
    {
        var roundRobin = _roundRobins[channel];
        // Permits that are taken and not used are lost.
        var places = roundRobin.AnyOf(round.HasLanes) ? most : Math.Min(most, round.LanesForAnyOwner());
        var permits = places > 0 ? await TakePermits(round.Connection, channel, places, cancellationToken) : 0;
        if (permits == 0)
        {
            if (round.Shares.Withheld)
            {
                // Owners below their share may use the reserved lanes: query them.
                await roundRobin.Look(round.Connection, backlog: true, cancellationToken);
            }

            return 0;
        }

        // From the front: the low-water marks have passed the steps that waited for the breaker.
        var before = round.Steps.Count;
        var filter = $"{JobOrder.Of(channel)} AND {InBacklog}";
        var served = roundRobin.Next(permits, round.HasLanes, evenOne: round.Shares.AreBounded);
        if (served.Length > 0)
        {
            var each = ClaimPlanner.PowerOfTwo(Math.Min(permits / served.Length, served.Min(round.LeftOf)));
            await round.Claim(PlannedClaim.OldestOfEach(filter, served, each));
        }

        var left = Math.Min(permits - (round.Steps.Count - before), round.LanesForAnyOwner());
        if (left > 0)
        {
            await round.Claim(PlannedClaim.Oldest(filter, left));
        }

        var claimed = round.Steps.Count - before;
        if (claimed == 0)
        {
            await using var recovered = new NpgsqlCommand(RecoveredSql, round.Connection);
            recovered.Parameters.AddWithValue("channel", DbEnumNames.Upper(channel));
            await recovered.ExecuteNonQueryAsync(cancellationToken);
        }

        await roundRobin.Look(round.Connection, backlog: claimed > 0 || round.Shares.Withheld, cancellationToken);
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
