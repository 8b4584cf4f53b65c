using Microsoft.Extensions.Caching.Memory;

namespace FollowUp.Infrastructure.Sequences;

/// <summary>
/// Plans for a use case are read in its transaction if there is one, because waiting for a second connection inside it could take indefinitely. Plans
/// for a step are read on the engine's pool: a step does not wait for connections held by requests.
/// </summary>
internal sealed class SendingPlans(Lazy<FollowUpDbContext> db, PlanReader reader, EngineDatabase engine) : ISendingPlans
{
    public ValueTask<SendingPlan?> For(Schedule? schedule, string? recipientZone, CancellationToken cancellationToken) =>
        reader.For(Connection, schedule, recipientZone, cancellationToken);

    public ValueTask<SendingPlan?> For(SequenceId sequence, string? recipientZone, CancellationToken cancellationToken) =>
        reader.For(Connection, sequence, recipientZone, cancellationToken);

    public async ValueTask<SendingPlan?> ForStep(SequenceId sequence, string? recipientZone, CancellationToken cancellationToken)
    {
        await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
        return await reader.For(connection, sequence, recipientZone, cancellationToken);
    }

    private NpgsqlConnection? Connection =>
        db.Value.Database is { CurrentTransaction: not null } database ? (NpgsqlConnection)database.GetDbConnection() : null;
}

/// <summary>
/// Cache entries are keyed by what they were read from, text or revision, so a cached entry is always valid. A transaction that has changed a
/// calendar keeps nothing of it: if it is rolled back, the next change of the calendar gets the same revision.
/// </summary>
internal sealed class PlanReader(NpgsqlDataSource dataSource) : IDisposable
{
    private const long MostBytes = 16 * 1024 * 1024;
    private const int BytesOfDate = 40;
    private readonly MemoryCache _kept = new(new MemoryCacheOptions { SizeLimit = MostBytes });

    /// <summary>Reads on the given connection, or on a separate one.</summary>
    public async ValueTask<SendingPlan?> For(
        NpgsqlConnection? connection,
        Schedule? schedule,
        string? recipientZone,
        CancellationToken cancellationToken
    )
    {
        if (schedule?.Holidays is not { } calendar)
        {
            return schedule?.For(recipientZone, Holidays.None);
        }

        await using var command = Command(connection, "SELECT revision FROM calendar WHERE id = $1");
        command.Parameters.Add(new() { Value = calendar.Value });
        return await command.ExecuteScalarAsync(cancellationToken) is int revision
            ? schedule.For(recipientZone, await HolidaysOf(connection, calendar.Value, revision, cancellationToken))
            : schedule.For(recipientZone, Holidays.None);
    }

    /// <summary>With the current schedule of the sequence; reads on the given connection, or on a separate one.</summary>
    public async ValueTask<SendingPlan?> For(
        NpgsqlConnection? connection,
        SequenceId sequence,
        string? recipientZone,
        CancellationToken cancellationToken
    )
    {
        string text;
        (Guid Id, int Revision)? calendar = null;
        await using (
            var command = Command(
                connection,
                """
                SELECT s.schedule::text, c.id, c.revision FROM sequence s LEFT JOIN calendar c ON c.id = s.calendar_id
                WHERE s.id = $1 AND s.schedule IS NOT NULL
                """
            )
        )
        {
            command.Parameters.Add(new() { Value = sequence.Value });
            await using var reader = await command.ExecuteReaderAsync(cancellationToken);
            if (!await reader.ReadAsync(cancellationToken))
            {
                return null;
            }

            text = reader.GetString(0);
            if (!reader.IsDBNull(1))
            {
                calendar = (reader.GetGuid(1), reader.GetInt32(2));
            }
        }

        var schedule = _kept.TryGetValue(text, out Schedule? known)
            ? known!
            : _kept.Set(text, ScheduleJson.Read(text), Entry(4 * text.Length));
        return schedule.For(
            recipientZone,
            calendar is { } c ? await HolidaysOf(connection, c.Id, c.Revision, cancellationToken) : Holidays.None
        );
    }

    public void Dispose() => _kept.Dispose();

    private async ValueTask<Holidays> HolidaysOf(
        NpgsqlConnection? connection,
        Guid calendar,
        int revision,
        CancellationToken cancellationToken
    )
    {
        if (_kept.TryGetValue((calendar, revision), out Holidays? known))
        {
            return known!;
        }

        // Locks nothing. xmin is the transaction that wrote the row: this one, or another one, which has committed.
        await using var command = Command(
            connection,
            """
            SELECT dates, names, coalesce(xmin = pg_current_xact_id_if_assigned()::xid, false)
            FROM calendar WHERE id = $1 AND revision = $2
            """
        );
        command.Parameters.Add(new() { Value = calendar });
        command.Parameters.Add(new() { Value = revision });
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            if (await reader.ReadAsync(cancellationToken))
            {
                var names = reader.GetFieldValue<string[]>(1);
                var dates = reader.GetFieldValue<DateOnly[]>(0);
                var days = dates.Select(
                    (date, i) => new CalendarDay(date, names.ElementAtOrDefault(i) is { Length: > 0 } name ? name : null)
                );
                var bytes = (BytesOfDate * dates.Length) + names.Sum(name => 2 * name.Length);
                var holidays = new Holidays(days);
                return reader.GetBoolean(2) ? holidays : _kept.Set((calendar, revision), holidays, Entry(bytes));
            }
        }

        // The calendar changed between the two reads.
        return await HolidaysOf(connection, calendar, await Revision(connection, calendar, cancellationToken), cancellationToken);
    }

    private async Task<int> Revision(NpgsqlConnection? connection, Guid calendar, CancellationToken cancellationToken)
    {
        await using var command = Command(connection, "SELECT revision FROM calendar WHERE id = $1");
        command.Parameters.Add(new() { Value = calendar });
        return (int?)await command.ExecuteScalarAsync(cancellationToken)
            ?? throw new InvalidOperationException($"Unknown calendar {calendar}, used by a sequence.");
    }

    private NpgsqlCommand Command(NpgsqlConnection? connection, string sql) =>
        connection is null ? dataSource.CreateCommand(sql) : new NpgsqlCommand(sql, connection);

    private static MemoryCacheEntryOptions Entry(int bytes) => new() { Size = bytes + 500 };
}
