using FollowUp.Testing;
using FollowUp.Testing.Fakes;

namespace FollowUp.Chaos;

/// <summary>
/// Where a process can die: at each await of the way that a step takes, which is a statement sent to the database, a statement that the
/// database has done, or a moment of a provider's call. All are driven from outside, by the proxy and the fake providers. One after the
/// other is armed, in an order that the seed gives; one that was not reached yet stays armed beside the next.
/// </summary>
internal sealed class CrashPoints(Random random)
{
    /// <summary>
    /// A statement, by words that stand in no other of that role's. Every run reaches those that come always; the others come only with a
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
        new("lock abandoned", false, "SELECT 1 FROM instance WHERE id =", false),
        new("commit a recovery", false, Commit, false),
        new("commit a command", true, Commit, true),
        new("store many", true, "WITH open AS MATERIALIZED", true),
        new("save a command", true, "INSERT INTO follow_up_event (", true),
        new("prove a command", true, "INSERT INTO commit_proof", true),
        new("prove a recovery", false, "INSERT INTO commit_proof", false),
    ];

    /// <summary>A worker that stops here and wakes up when its lease is over has an outcome in its hands, and no right to write it.</summary>
    private const string Frozen = ", frozen";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _hits = All().ToDictionary(name => name, _ => 0);
    private readonly HashSet<string> _seen = [];
    private readonly Queue<string> _next = new();
    private readonly HashSet<string> _armed = [];

    /// <summary>How often each was hit.</summary>
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

    /// <summary>Statements whose words matched nothing that was sent: the program was changed, and the point is none any more.</summary>
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

    /// <summary>Which point a statement is at, if it is at an armed one, which is disarmed then.</summary>
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

    /// <summary>Which point a provider's call is at, if it is at an armed one, which is disarmed then; and whether to freeze there, not to kill.</summary>
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
