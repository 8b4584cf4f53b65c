namespace FollowUp.Infrastructure.Preview;

internal sealed class WaitingStepReader(NpgsqlDataSource dataSource) : IWaitingSteps
{
    /// <summary>The time limit in seconds; a longer read is answered with 503.</summary>
    private const int TimeLimit = 15;

    private const string Waiting = """
        FROM instance i JOIN step_job j ON j.instance_id = i.id
        WHERE i.sequence_id = ANY (@sequences) AND i.owner_id = @owner AND i.status = 'ACTIVE'
          AND (j.state = 'ready' OR j.park_reason = 'sequenceDisabled')
        """;

    public async Task<WaitingSteps> Read(OwnerId owner, IReadOnlyCollection<SequenceId> sequences, CancellationToken cancellationToken)
    {
        Guid[] ids = [.. sequences.Select(sequence => sequence.Value)];
        await using var connection = await dataSource.OpenConnectionAsync(cancellationToken);
        var total = await Count(connection, owner, ids, cancellationToken);
        var every = (int)((total + IWaitingSteps.Most - 1) / IWaitingSteps.Most);
        // An even sample, identical for each call: by a hash of the id, because the ids themselves depend on the time of enrolment.
        await using var command = new NpgsqlCommand(
            $"""
            SELECT i.id, i.sequence_id, i.time_zone, i.sequence_version_id, j.step_index, j.step_type = 'WAIT', j.state = 'parked', i.attempts > 0,
                   j.in_line_since, j.due_at
            {Waiting} AND (@every <= 1 OR hashtext(i.id::text) % @every = 0)
            ORDER BY j.due_at, j.is_first, j.in_line_since, j.id
            """,
            connection
        )
        {
            CommandTimeout = TimeLimit,
        };
        command.Parameters.AddWithValue("owner", owner.Value);
        command.Parameters.AddWithValue("sequences", ids);
        command.Parameters.AddWithValue("every", every);
        var steps = await command.ReadAll<WaitingStep>(
            reader =>
                new(
                    reader.GetGuid(0),
                    new SequenceId(reader.GetGuid(1)),
                    reader.IsDBNull(2) ? null : reader.GetString(2),
                    new SequenceVersionId(reader.GetGuid(3)),
                    reader.GetInt32(4),
                    reader.GetBoolean(5),
                    reader.GetBoolean(6),
                    reader.GetBoolean(7),
                    reader.GetFieldValue<DateTimeOffset>(8),
                    reader.GetFieldValue<DateTimeOffset>(9)
                ),
            cancellationToken
        );
        return new WaitingSteps(steps, Math.Max(1, every));
    }

    /// <summary>Locks nothing. Counts the active instances by an index-only scan: an upper bound of the waiting steps.</summary>
    private static async Task<long> Count(NpgsqlConnection connection, OwnerId owner, Guid[] sequences, CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            "SELECT count(*) FROM instance WHERE sequence_id = ANY (@sequences) AND status = 'ACTIVE'",
            connection
        )
        {
            CommandTimeout = TimeLimit,
        };
        command.Parameters.AddWithValue("sequences", sequences);
        return (long)(await command.ExecuteScalarAsync(cancellationToken))!;
    }
}
