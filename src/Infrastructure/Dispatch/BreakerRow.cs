namespace FollowUp.Infrastructure.Dispatch;

/// <summary>Reads and writes a channel's <see cref="CircuitBreaker"/>. Columns hold what SQL statements compare; JSON holds the rest.</summary>
internal static class BreakerRow
{
    private const string ReadSql =
        "SELECT failures, trips, open_until, cause, evidence, clock_timestamp() FROM channel_breaker WHERE channel = $1";

    /// <summary>Locks the channel's row until the transaction ends. Returns the database's time as read after the lock was granted.</summary>
    private const string LockSql = """
        WITH locked AS MATERIALIZED (
          SELECT failures, trips, open_until, cause, evidence FROM channel_breaker WHERE channel = $1 FOR UPDATE)
        SELECT failures, trips, open_until, cause, evidence, clock_timestamp() FROM locked
        """;

    /// <summary>
    /// Relies on the lock taken by <see cref="LockSql"/>. When the breaker closes, the jobs due by then become the channel's backlog and its pace
    /// starts (<see cref="StepOutbox"/>).
    /// </summary>
    private const string WriteSql = """
        UPDATE channel_breaker
        SET failures = $2, trips = $3, open_until = $4, cause = $5, evidence = $6,
            backlog_until = CASE WHEN $7 THEN clock_timestamp() ELSE backlog_until END,
            paced_until = CASE WHEN $7 THEN clock_timestamp() ELSE paced_until END
        WHERE channel = $1
        """;

    /// <summary>Reads without a lock.</summary>
    public static Task<(CircuitBreaker Breaker, DateTimeOffset Now)> Read(
        NpgsqlConnection connection,
        Channel channel,
        CancellationToken cancellationToken
    ) => Read(ReadSql, connection, channel, cancellationToken);

    /// <summary>Locks the row until the transaction ends.</summary>
    public static Task<(CircuitBreaker Breaker, DateTimeOffset Now)> Lock(
        NpgsqlConnection connection,
        Channel channel,
        CancellationToken cancellationToken
    ) => Read(LockSql, connection, channel, cancellationToken);

    private static async Task<(CircuitBreaker Breaker, DateTimeOffset Now)> Read(
        string sql,
        NpgsqlConnection connection,
        Channel channel,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(sql, connection);
        command.Parameters.Add(new() { Value = DbEnumNames.Upper(channel) });
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var evidence = Evidence.Read(reader.GetString(4));
        var breaker = new CircuitBreaker
        {
            Failures = reader.GetInt32(0),
            Trips = reader.GetInt32(1),
            OpenUntil = reader.IsDBNull(2) ? null : reader.GetFieldValue<DateTimeOffset>(2),
            Cause = reader.IsDBNull(3) ? null : reader.GetString(3),
            Code = evidence.Code,
            Sources = [.. evidence.Sources.Select(s => new FailureSource(new OwnerId(s.Owner), s.Destination))],
            Probes = [.. evidence.Probes.Select(p => new Probe(new OwnerId(p.Owner), new InstanceId(p.Instance)))],
            Discounts = [.. evidence.Discounts.Select(d => d.Discount())],
            ProbingUntil = evidence.ProbingUntil,
            IdleProbes = evidence.IdleProbes,
            RefusedProbes = evidence.RefusedProbes,
        };
        return (breaker, reader.GetFieldValue<DateTimeOffset>(5));
    }

    /// <summary>Stores a transition for operators, in the transaction that makes it.</summary>
    public static async Task Note(
        NpgsqlConnection connection,
        Channel channel,
        string state,
        string? cause,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(
            "INSERT INTO breaker_transition (channel, state, cause) VALUES ($1, $2, $3)",
            connection
        );
        command.Parameters.Add(new() { Value = DbEnumNames.Upper(channel) });
        command.Parameters.Add(new() { Value = state });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)cause ?? DBNull.Value });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    public static async Task Write(
        NpgsqlConnection connection,
        Channel channel,
        CircuitBreaker breaker,
        bool closes,
        CancellationToken cancellationToken
    )
    {
        await using var command = new NpgsqlCommand(WriteSql, connection);
        command.Parameters.Add(new() { Value = DbEnumNames.Upper(channel) });
        command.Parameters.Add(new() { Value = breaker.Failures });
        command.Parameters.Add(new() { Value = breaker.Trips });
        command.Parameters.Add(
            new() { NpgsqlDbType = NpgsqlDbType.TimestampTz, Value = (object?)breaker.OpenUntil?.UtcDateTime ?? DBNull.Value }
        );
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Text, Value = (object?)breaker.Cause ?? DBNull.Value });
        command.Parameters.Add(new() { NpgsqlDbType = NpgsqlDbType.Jsonb, Value = Evidence.Of(breaker).Json() });
        command.Parameters.Add(new() { Value = closes });
        await command.ExecuteNonQueryAsync(cancellationToken);
    }
}

/// <summary>
/// The part of a breaker's state that no SQL statement reads. A separate stored type, so that the JSON does not depend on the domain's types.
/// </summary>
internal sealed record Evidence
{
    /// <summary>Also read by <see cref="QueueGauge"/>.</summary>
    public string? Code { get; init; }

    public IReadOnlyList<Source> Sources { get; init; } = [];
    public IReadOnlyList<Tried> Probes { get; init; } = [];
    public IReadOnlyList<Discounted> Discounts { get; init; } = [];
    public DateTimeOffset? ProbingUntil { get; init; }
    public int IdleProbes { get; init; }
    public int RefusedProbes { get; init; }

    public static Evidence Read(string json) => JsonSerializer.Deserialize<Evidence>(json, JsonSerializerOptions.Web)!;

    public static Evidence Of(CircuitBreaker breaker) =>
        new()
        {
            Code = breaker.Code,
            Sources = [.. breaker.Sources.Select(s => new Source(s.Owner.Value, s.Destination))],
            Probes = [.. breaker.Probes.Select(p => new Tried(p.Owner.Value, p.Instance.Value))],
            Discounts = [.. breaker.Discounts.Select(d => new Discounted(d.Owner.Value, d.Until, d.RememberedUntil, d.Times))],
            ProbingUntil = breaker.ProbingUntil,
            IdleProbes = breaker.IdleProbes,
            RefusedProbes = breaker.RefusedProbes,
        };

    /// <summary>Returns an empty object when there is nothing to store, which is also the column's default.</summary>
    public string Json() =>
        Code is null && Sources.Count + Probes.Count + Discounts.Count == 0
            ? "{}"
            : JsonSerializer.Serialize(this, JsonSerializerOptions.Web);

    internal sealed record Source(Guid Owner, long Destination);

    internal sealed record Tried(Guid Owner, Guid Instance);

    /// <summary>Rows of earlier releases have neither <c>RememberedUntil</c> nor <c>Times</c>; they are read as a first discount.</summary>
    internal sealed record Discounted(Guid Owner, DateTimeOffset Until, DateTimeOffset RememberedUntil = default, int Times = 1)
    {
        public Discount Discount() => new(new OwnerId(Owner), Until, RememberedUntil, Times);
    }
}
