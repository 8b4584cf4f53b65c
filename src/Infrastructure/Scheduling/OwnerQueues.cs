using System.Collections.Concurrent;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using Npgsql;

namespace FollowUp.Infrastructure.Scheduling;

/// <summary>What stands in front of a mail whose owner has limits.</summary>
internal sealed class OwnerQueues(TimeProvider time)
{
    /// <summary>How old a count of the follow-ups that are due may be, at least. It gives them precedence; the limit itself does not rest on it.</summary>
    private static readonly TimeSpan CountedFor = TimeSpan.FromSeconds(1);

    /// <summary>And so many times as long as the count took: with a great backlog it must not be most of the work.</summary>
    private const int TimesAsLong = 20;

    private readonly ConcurrentDictionary<OwnerId, (int Count, DateTimeOffset AsOf, long At, TimeSpan Holds)> _followUps = new();

    /// <summary>When the last of those comes due that wait for the gap and go before a job: who comes later queues up behind them. Null when there is none.</summary>
    public static async Task<DateTimeOffset?> LastInFront(
        NpgsqlConnection connection,
        OwnerId owner,
        StepJob job,
        CancellationToken cancellationToken
    )
    {
        // Reads the owner's queue from its end, where the first row is the one as a rule. Locks nothing.
        await using var command = new NpgsqlCommand(
            """
            SELECT due_at FROM step_job
            WHERE owner_id = $1 AND claimable AND state = 'ready' AND step_type = 'EMAIL' AND due_at > now()
              AND waiting_for->-1->>'reason' = 'gap' AND (is_first, wanted_at, id) < ($2, $3, $4)
            ORDER BY due_at DESC LIMIT 1
            """,
            connection
        );
        command.Parameters.Add(new() { Value = owner.Value });
        command.Parameters.Add(new() { Value = job.IsFirst });
        command.Parameters.Add(new() { Value = (job.WantedAt ?? job.DueAt).UtcDateTime });
        command.Parameters.Add(new() { Value = job.Id });
        return await command.ExecuteScalarAsync(cancellationToken) is DateTime last ? new DateTimeOffset(last) : null;
    }

    /// <summary>The follow-ups that are due or in hand, and have no slot yet.</summary>
    /// <param name="connection">A connection.</param>
    /// <param name="owner">Whose.</param>
    /// <param name="notBefore">A count that was taken at this instant or later will do, while it is not too old; null counts anew.</param>
    /// <param name="cancellationToken">Ends the work.</param>
    public async Task<int> FollowUpsDue(
        NpgsqlConnection connection,
        OwnerId owner,
        DateTimeOffset? notBefore,
        CancellationToken cancellationToken
    )
    {
        if (_followUps.TryGetValue(owner, out var counted) && notBefore <= counted.AsOf && time.GetElapsedTime(counted.At) < counted.Holds)
        {
            return counted.Count;
        }

        await using var command = new NpgsqlCommand(
            """
            SELECT ((SELECT count(*) FROM step_job
                     WHERE owner_id = $1 AND claimable AND state = 'ready' AND due_at <= now() AND step_type = 'EMAIL' AND NOT is_first)
                    + (SELECT count(*) FROM step_job j
                       WHERE j.owner_id = $1 AND j.claimable AND j.state = 'leased' AND j.due_at <= now() AND j.step_type = 'EMAIL' AND NOT j.is_first
                         AND NOT EXISTS (SELECT 1 FROM attempt a
                                         WHERE a.instance_id = j.instance_id AND a.step_job_id = j.id AND a.number = j.attempt AND a.has_slot)))::int,
                   now()
            """,
            connection
        );
        command.Parameters.Add(new() { Value = owner.Value });
        var began = time.GetTimestamp();
        await using var reader = await command.ExecuteReaderAsync(cancellationToken);
        await reader.ReadAsync(cancellationToken);
        var (count, asOf) = (reader.GetInt32(0), reader.GetFieldValue<DateTimeOffset>(1));
        var holds = time.GetElapsedTime(began) * TimesAsLong;
        _followUps[owner] = (count, asOf, time.GetTimestamp(), holds > CountedFor ? holds : CountedFor);
        return count;
    }
}
