namespace FollowUp.Infrastructure.Sandbox;

/// <summary>The exclusive right to move a sandbox's clock and to carry out the steps that are due by it.</summary>
internal sealed class SandboxClockLock(
    NpgsqlConnection connection,
    NpgsqlTransaction transaction,
    NpgsqlDataSource tables,
    StepOutbox outbox,
    OperationJob operations,
    SandboxClock time,
    SandboxSize size,
    IServiceScopeFactory scopes,
    DateTimeOffset furthest
) : ISandboxClockLock
{
    public DateTimeOffset Now { get; private set; }
    public DateTimeOffset Furthest => furthest;

    /// <summary>
    /// Locks nothing. Runs on the connection that holds the lock: if the connection is lost, so is the lock, and no further step is started.
    /// </summary>
    public async Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT min(due_at) FROM step_job WHERE claimable AND state = 'ready'", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime due ? new DateTimeOffset(due) : null;
    }

    public async Task MoveTo(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        // Locks the clock's single row for the statement. Committed at once, because every connection of the sandbox reads it.
        await using var command = tables.CreateCommand("UPDATE sandbox_clock SET instant = greatest(instant, @to) RETURNING instant");
        command.Parameters.AddWithValue("to", instant.UtcDateTime);
        Now = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
        time.SetTo(Now);
    }

    public async Task<int> CarryOutDue(int most, CancellationToken cancellationToken)
    {
        await size.Check(cancellationToken);
        var claim = await outbox.Claim(most, cancellationToken);
        var steps = claim.Steps.OrderBy(s => s.Instance.Job!.DueAt).ThenBy(s => s.Fence.JobId).ToList();
        for (var i = 0; i < steps.Count; i++)
        {
            if (cancellationToken.IsCancellationRequested)
            {
                await outbox.GiveBack(steps[i..], CancellationToken.None);
                cancellationToken.ThrowIfCancellationRequested();
            }

            // A step that was started is finished even if the client is gone.
            await using var scope = scopes.CreateAsyncScope();
            await scope
                .ServiceProvider.GetRequiredService<Sender>()
                .Send(new ExecuteStep(steps[i] with { ClockStands = true }), CancellationToken.None);
        }

        return steps.Count;
    }

    public Task<bool> RunOperations(CancellationToken cancellationToken) => operations.RunAll(cancellationToken);

    /// <summary>
    /// Locks every table until the commit. Disables the log's guard, which would reject this, within the transaction. Keeps the user and the
    /// breakers' rows, which a new sandbox has too, and the key of the links, which nodes cache.
    /// </summary>
    public async Task Empty(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand(
            """
            ALTER TABLE follow_up_event DISABLE TRIGGER USER;
            ALTER TABLE sequence_tombstone DISABLE TRIGGER USER;
            DO $$ BEGIN
              EXECUTE (SELECT 'TRUNCATE ' || string_agg(quote_ident(tablename), ', ') || ' RESTART IDENTITY' FROM pg_tables
                       WHERE schemaname = current_schema()
                         AND tablename NOT IN ('__EFMigrationsHistory', 'app_user', 'channel_breaker', 'sandbox_clock', 'secret'));
            END $$;
            ALTER TABLE follow_up_event ENABLE TRIGGER USER;
            ALTER TABLE follow_up_event ENABLE ALWAYS TRIGGER follow_up_event_announce;
            ALTER TABLE sequence_tombstone ENABLE TRIGGER USER;
            UPDATE sandbox_clock SET instant = pg_catalog.now(), started_at = pg_catalog.now()
            """,
            connection
        );
        await command.ExecuteNonQueryAsync(cancellationToken);
        await transaction.CommitAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => connection.DisposeAsync();
}
