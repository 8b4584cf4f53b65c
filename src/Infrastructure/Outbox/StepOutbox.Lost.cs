using System.Collections.Concurrent;
using Npgsql;

namespace FollowUp.Infrastructure.Outbox;

/// <content>
/// Claims whose answer was lost. The database may have committed them, so that steps are leased to this node, with an attempt that says SENDING,
/// of which it does not know. Left alone they would be in doubt once their lease runs out; but this node knows that it has sent nothing for
/// them, and gives them back itself.
/// </content>
internal sealed partial class StepOutbox
{
    private readonly ConcurrentDictionary<Guid[], byte> _lostClaims = new();

    /// <summary>Locks the jobs of the lost claims' attempts. The fence keeps it from what somebody else holds by now.</summary>
    private async Task TakeLostClaimsBack(NpgsqlConnection connection, CancellationToken cancellationToken)
    {
        foreach (var attempts in _lostClaims.Keys)
        {
            await using var command = new NpgsqlCommand(
                """
                WITH given AS (
                  UPDATE step_job j SET state = 'ready', owner = NULL, lease_until = NULL
                  FROM attempt a
                  WHERE a.id = ANY (@attempts) AND a.status = 'SENDING'
                    AND j.instance_id = a.instance_id AND j.id = a.step_job_id AND j.attempt = a.number
                    AND j.owner = @owner AND j.state = 'leased'
                  RETURNING a.id)
                DELETE FROM attempt a USING given WHERE a.id = given.id
                """,
                connection
            );
            command.Parameters.AddWithValue("attempts", attempts);
            command.Parameters.AddWithValue("owner", options.Node);
            await command.ExecuteNonQueryAsync(cancellationToken);
            _lostClaims.TryRemove(attempts, out _);
        }
    }

    /// <summary>A claim on its way, and the ids of the attempts that it may write. Lost, unless the pump gets to see it.</summary>
    private sealed class UnseenClaim(ConcurrentDictionary<Guid[], byte> lost) : IDisposable
    {
        private readonly List<Guid> _attempts = [];
        private bool _seen;

        public Guid[] Attempts(int most)
        {
            Guid[] attempts = [.. Enumerable.Range(0, most).Select(_ => Guid.CreateVersion7())];
            _attempts.AddRange(attempts);
            return attempts;
        }

        public void Seen() => _seen = true;

        public void Dispose()
        {
            if (!_seen && _attempts.Count > 0)
            {
                lost.TryAdd([.. _attempts], 0);
            }
        }
    }
}
