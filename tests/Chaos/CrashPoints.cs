using FollowUp.Testing;
using FollowUp.Testing.Fakes;

namespace FollowUp.Chaos;

/// <summary>
/// The points at which a process can crash: each await of a step, which is before or after a statement, or during a provider's call. The proxy
/// and the fake providers trigger them from outside. The points are armed one after the other in an order from the seed; one that is not reached
/// stays armed.
/// </summary>
internal sealed class CrashPoints(Random random)
{
    /// <summary>
    /// A statement, identified by words that no other statement of that role contains. Every run reaches the common ones; the others need a
    /// failure or a pause at the right moment.
    /// </summary>
    private sealed record Statement(string Name, bool OfApi, string Words, bool Always);

    /// <summary>The statement as a whole: every BEGIN says READ COMMITTED.</summary>
    private const string Commit = "\nCOMMIT\n";

    private static readonly Statement[] Statements =
    [
        new("claim the backlog", false, "due_at < (SELECT max(backlog_until) FROM channel_breaker)\n", false),
        new("claim in round-robin", false, "AS served (owner_id, ", false),
        new("claim", false, "leased AS (", true),
        new("pace the backlog", false, "SET paced_until = p.since", false),
        new("end the backlog", false, "SET backlog_until = NULL", false),
        new("take lost claims back", false, "AND claim_number = ANY (", false),
        new("read the waiting owners", false, "WITH RECURSIVE waiting", false),
        new("read limits", false, "LEFT JOIN send_limit USING", false),
        new("take a slot", false, "UPDATE attempt SET has_slot = true", false),
        new("give a slot back", false, "SET taken = taken - 1", false),
        new("count follow-ups", false, "AND NOT is_first)", false),
        new("find what to put off", false, "AND is_first IS NOT DISTINCT FROM", false),
        new("put off", false, "SET due_at = p.due_at", false),
        new("read a schedule", false, "SELECT s.schedule::text", false),
        new("lock a migration", false, "state = 'running' FOR NO KEY UPDATE SKIP LOCKED", false),
        new("walk a migration", false, "ORDER BY id LIMIT", false),
        new("move instances", false, "UPDATE sequence_migration", false),
        new("look for a probe", false, "rotation AS (", false),
        new("take an attempt back", false, "DELETE FROM attempt WHERE id", false),
        new("load the version", false, "SELECT steps FROM sequence_version", true),
        new("lock a breaker", false, "FROM channel_breaker WHERE channel = $1 FOR UPDATE", false),
        new("write a breaker", false, "SET failures = $2, trips = $3", false),
        new("write back", false, "WITH held AS MATERIALIZED", true),
        new("read again", false, "SELECT j.id AS job_id", false),
        new("renew leases", false, "UPDATE step_job SET lease_until", true),
        new("find abandoned", false, "SELECT instance_id, lease_until < now() FROM step_job", true),
        new("lock abandoned", false, "AS \"Value\" FROM instance WHERE id = $1", false),
        new("commit a recovery", false, Commit, false),
        new("commit a command", true, Commit, true),
        new("store many", true, "WITH open AS MATERIALIZED", true),
        new("save a command", true, "INSERT INTO follow_up_event (", true),
        new("prove a command", true, "INSERT INTO commit_proof", true),
        new("prove a recovery", false, "INSERT INTO commit_proof", false),
    ];

    /// <summary>A worker that is suspended here until its lease has expired has an outcome that it must not write.</summary>
    private const string Frozen = ", frozen";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _hits = All().ToDictionary(name => name, _ => 0);
    private readonly HashSet<string> _seen = [];
    private readonly Queue<string> _next = new();
    private readonly HashSet<string> _armed = [];

    /// <summary>Number of hits of each point.</summary>
    public IReadOnlyDictionary<string, int> Hits
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, int>(_hits);
            }
        }
    }

    /// <summary>Statements whose words matched no statement: the program was changed, and the point is obsolete.</summary>
    public IEnumerable<string> NeverSeen(bool longRun)
    {
        lock (_lock)
        {
            return [.. Statements.Where(s => (s.Always || longRun) && !_seen.Contains(s.Name)).Select(s => s.Name)];
        }
    }

    /// <summary>Arms the next one.</summary>
    public void ArmNext()
    {
        lock (_lock)
        {
            if (_next.Count == 0)
            {
                var all = All().ToArray();
                random.Shuffle(all);
                Array.ForEach(all, _next.Enqueue);
            }

            _armed.Add(_next.Dequeue());
        }
    }

    /// <summary>The armed point that a statement reaches, which is then disarmed; null if none.</summary>
    public string? Hit(bool ofApi, Moment moment, string statements)
    {
        var lines = $"\n{statements}\n";
        if (Statements.FirstOrDefault(s => s.OfApi == ofApi && lines.Contains(s.Words, StringComparison.Ordinal)) is not { } at)
        {
            return null;
        }

        lock (_lock)
        {
            _seen.Add(at.Name);
        }

        return Take(Name(at, moment));
    }

    /// <summary>The armed point that a provider's call reaches, which is then disarmed, and whether to suspend the process instead of killing it.</summary>
    public (string Point, bool Freezes)? Hit(string provider, ProviderMoment moment) =>
        Take(Name(provider, moment)) is { } kills ? (kills, false)
        : Take(Name(provider, moment) + Frozen) is { } freezes ? (freezes, true)
        : null;

    private static IEnumerable<string> All() =>
        [
            .. Statements.SelectMany(s => new[] { Name(s, Moment.Before), Name(s, Moment.After) }),
            .. new[] { "mail", "sms" }
                .SelectMany(provider => Enum.GetValues<ProviderMoment>().Select(m => Name(provider, m)))
                .SelectMany(name => new[] { name, name + Frozen }),
        ];

    private static string Name(Statement statement, Moment moment) =>
        $"{statement.Name}, {(moment == Moment.Before ? "unsent" : "unheard")}";

    private static string Name(string provider, ProviderMoment moment) =>
        $"{provider} {moment switch { ProviderMoment.Arrived => "arrived", ProviderMoment.Read => "read", _ => "accepted" }}";

    private string? Take(string name)
    {
        lock (_lock)
        {
            if (!_armed.Remove(name))
            {
                return null;
            }

            _hits[name]++;
            return name;
        }
    }
}
