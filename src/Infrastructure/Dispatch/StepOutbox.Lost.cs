namespace FollowUp.Infrastructure.Dispatch;

/// <content>
/// Claims that this node holds without working on them. The node gives them back itself, because only it knows that nothing was sent. Left to the
/// sweep, each such step would cost a lease's length and an attempt, and a sending step would be in doubt.
/// </content>
internal sealed partial class StepOutbox
{
    /// <summary>Maximum number of attempts waiting to be deleted. They come from lanes that failed, so there are rarely more than lanes.</summary>
    private const int MostUnsent = 10_000;

    /// <summary>The interval at which a lost claim is searched for after the first time, until the length of a lease has passed.</summary>
    private static readonly TimeSpan LookAgainAfter = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<int, LostClaim> _lostClaims = new();
    private readonly ConcurrentDictionary<Guid, byte> _unsent = new();
    private int _claims;

    /// <summary>Gives back claimed steps that were never started, and claims whose state in the database is unknown.</summary>
    public async Task GiveBackUnstarted(IReadOnlyCollection<ClaimedStep> steps, CancellationToken cancellationToken)
    {
        if (steps.Count > 0)
        {
            await GiveBack(steps, cancellationToken);
        }

        if (!_lostClaims.IsEmpty || !_unsent.IsEmpty)
        {
            await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
            await TakeLostClaimsBack(connection, cancellationToken);
            await DeleteUnsent(connection, cancellationToken);
        }
    }

    /// <summary>
    /// Gives back the jobs of claims whose response was lost; the database may have committed them. They are found by owner and claim number, which
    /// also finds steps that send nothing. Locks these jobs in the order of their instances and skips locked ones, because every claim of this node
    /// waits for this statement; READ COMMITTED checks the owner again on the newest row, so a job that another node holds by now is left alone. A
    /// claim that timed out here may be committed later, so it is searched for again until its lease would have expired.
    /// </summary>
    private async Task TakeLostClaimsBack(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        var due = _lostClaims.Values.Where(claim => time.GetTimestamp() >= claim.LookAt).ToList();
        if (due.Count == 0)
        {
            return;
        }

        await using var command = new NpgsqlCommand(
            $"""
            WITH held AS MATERIALIZED (
              SELECT instance_id FROM step_job
              WHERE claimable AND due_at <= now() AND state = 'leased' AND owner = @owner AND claim_number = ANY (@claims)
              ORDER BY instance_id FOR UPDATE SKIP LOCKED),
            {GiveHeldBack}
            """,
            connection
        );
        command.Parameters.AddWithValue("owner", options.Node);
        command.Parameters.AddWithValue("claims", due.Select(claim => claim.Number).ToArray());
        await command.ExecuteNonQueryAsync(cancellationToken);
        foreach (var claim in due)
        {
            if (time.GetElapsedTime(claim.LostAt) >= options.Lease)
            {
                _lostClaims.TryRemove(claim.Number, out _);
            }
            else
            {
                _lostClaims[claim.Number] = claim with
                {
                    LookAt = time.GetTimestamp() + (long)(LookAgainAfter.TotalSeconds * time.TimestampFrequency),
                };
            }
        }
    }

    public async Task Unsent(ClaimedStep step, CancellationToken cancellationToken)
    {
        if (step.AttemptId is not { } attempt)
        {
            return;
        }

        // Kept until the database has it: the next claim, or the drain, retries.
        if (_unsent.Count < MostUnsent)
        {
            _unsent[attempt.Value] = 0;
        }

        await using var connection = await engine.Connections.OpenConnectionAsync(cancellationToken);
        await DeleteUnsent(connection, cancellationToken);
    }

    /// <summary>
    /// Deletes attempts whose step was never handed to a provider. Locks them in the order of their ids and skips locked ones, which the next call
    /// deletes. An attempt that the sweep has put in doubt meanwhile is kept.
    /// </summary>
    private async Task DeleteUnsent(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        if (_unsent.IsEmpty)
        {
            return;
        }

        Guid[] attempts = [.. _unsent.Keys];
        await using var command = new NpgsqlCommand(
            """
            WITH unlocked AS MATERIALIZED (
              SELECT id FROM attempt WHERE id = ANY (@attempts) AND status = 'SENDING' ORDER BY id FOR UPDATE SKIP LOCKED),
            deleted AS (DELETE FROM attempt WHERE id = ANY (ARRAY(SELECT id FROM unlocked)))
            SELECT id FROM attempt WHERE id = ANY (@attempts) AND status = 'SENDING' AND id NOT IN (SELECT id FROM unlocked)
            """,
            connection
        );
        command.Parameters.AddWithValue("attempts", attempts);
        var locked = await command.ReadAll(reader => reader.GetGuid(0), cancellationToken);
        foreach (var attempt in attempts.Except(locked))
        {
            _unsent.TryRemove(attempt, out _);
        }
    }

    /// <summary>A claim whose response was lost.</summary>
    /// <param name="Number">This node's number for the claim.</param>
    /// <param name="LostAt">When it was lost, by the monotonic clock.</param>
    /// <param name="LookAt">When it is searched for next, by the monotonic clock.</param>
    private sealed record LostClaim(int Number, long LostAt, long LookAt);

    /// <summary>A claim in progress. It is lost if it was sent and the pump does not get the response.</summary>
    private sealed class UnseenClaim(StepOutbox outbox) : IDisposable
    {
        private bool _sent;
        private bool _seen;

        public int Number { get; } = Interlocked.Increment(ref outbox._claims);

        public void Sent() => _sent = true;

        public void Seen() => _seen = true;

        public void Dispose()
        {
            if (_sent && !_seen)
            {
                var now = outbox.Now;
                outbox._lostClaims[Number] = new LostClaim(Number, now, now);
            }
        }
    }

    private long Now => time.GetTimestamp();
}
