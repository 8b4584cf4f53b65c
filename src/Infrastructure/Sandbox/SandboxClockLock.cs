using FollowUp.Application.Dispatch;
using FollowUp.Application.Messaging;
using FollowUp.Application.Sandbox;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.Infrastructure.Operations;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.Infrastructure.Sandbox;

/// <summary>The right to move a sandbox's clock, and to carry out what is due by it.</summary>
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

    /// <summary>On the connection that has the lock: when that is lost, so is the turn, and nothing more is begun.</summary>
    public async Task<DateTimeOffset?> NextDue(CancellationToken cancellationToken)
    {
        await using var command = new NpgsqlCommand("SELECT min(due_at) FROM step_job WHERE claimable AND state = 'ready'", connection);
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime due ? new DateTimeOffset(due) : null;
    }

    public async Task MoveTo(DateTimeOffset instant, CancellationToken cancellationToken)
    {
        // Locks the clock's one row for a moment. Committed at once, for everybody in the world reads it.
        await using var command = tables.CreateCommand("UPDATE sandbox_clock SET instant = greatest(instant, @to) RETURNING instant");
        command.Parameters.AddWithValue("to", instant.UtcDateTime);
        Now = new DateTimeOffset((DateTime)(await command.ExecuteScalarAsync(cancellationToken))!);
        time.StandAt(Now);
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

            // A step that was begun is finished, whether or not the client still waits.
            await using var scope = scopes.CreateAsyncScope();
            await scope
                .ServiceProvider.GetRequiredService<Sender>()
                .Send(new ExecuteStep(steps[i] with { ClockStands = true }), CancellationToken.None);
        }

        return steps.Count;
    }

    public Task<bool> RunOperations(CancellationToken cancellationToken) => operations.RunAll(cancellationToken);

    /// <summary>
    /// Locks every table. The log's guard, which refuses this, stands aside within the transaction; the user and the breakers' rows stay, which a
    /// new world has too, and the key of the links, which nodes know by heart.
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
