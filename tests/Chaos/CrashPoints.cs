using FollowUp.Testing;
using FollowUp.Testing.Fakes;

namespace FollowUp.Chaos;

/// <summary>
/// Where a worker can die: at each await of the way that a step takes, which is a statement sent to the database, a statement that the
/// database has done, or a moment of a provider's call. All are driven from outside, by the proxy and the fake providers.
/// </summary>
internal sealed class CrashPoints(Random random)
{
    /// <summary>Each statement of a worker, by words that stand in no other.</summary>
    private static readonly (string Name, string Words)[] Statements =
    [
        ("claim", "claimed AS ("),
        ("read breakers", "FROM channel_breaker WHERE failures > 0"),
        ("take the probe", "AND open_until <= clock_timestamp()"),
        ("look ahead", "SELECT due_at - clock_timestamp()"),
        ("load the version", "FROM sequence_version"),
        ("note a failure", "SET failures = failures + 1"),
        ("note an answer", "SET failures = 0"),
        ("write back", "WITH input AS MATERIALIZED"),
        ("read again", "SELECT j.id AS job_id"),
        ("renew leases", "UPDATE step_job SET lease_until"),
        ("find abandoned", "AS \"Value\" FROM ("),
        ("lock abandoned", "FROM instance WHERE id = "),
        ("commit a recovery", "COMMIT"),
    ];

    private readonly Lock _lock = new();
    private readonly Dictionary<string, int> _hits = All().ToDictionary(name => name, _ => 0);
    private List<string> _armed = [];

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

    /// <summary>Which point a statement is at, if it is at an armed one. It is disarmed then, until all others have been hit.</summary>
    public string? Hit(Moment moment, string statements) =>
        Statements.FirstOrDefault(s => statements.Contains(s.Words, StringComparison.Ordinal)) is { Name: { } name }
            ? Take($"{name}, {(moment == Moment.Before ? "unsent" : "unheard")}")
            : null;

    /// <summary>Which point a provider's call is at, if it is at an armed one.</summary>
    public string? Hit(string provider, ProviderMoment moment) => Take(Name(provider, moment));

    private static IEnumerable<string> All() =>
        [
            .. Statements.SelectMany(s => new[] { $"{s.Name}, unsent", $"{s.Name}, unheard" }),
            .. new[] { "mail", "sms" }.SelectMany(provider => Enum.GetValues<ProviderMoment>().Select(m => Name(provider, m))),
        ];

    private static string Name(string provider, ProviderMoment moment) =>
        $"{provider} {moment switch { ProviderMoment.Arrived => "arrived", ProviderMoment.Read => "read", _ => "accepted" }}";

    private string? Take(string name)
    {
        lock (_lock)
        {
            if (_armed.Count == 0)
            {
                _armed = [.. All()];
            }

            // Not always the first that comes along, or the frequent ones would always be hit by the same, earliest steps.
            if (!_armed.Contains(name) || random.NextDouble() > 0.5)
            {
                return null;
            }

            _armed.Remove(name);
            _hits[name]++;
            return name;
        }
    }

    /// <summary>Begins anew with all of them, so that rare ones do not keep the others from being hit again.</summary>
    public void ArmAll()
    {
        lock (_lock)
        {
            _armed = [];
        }
    }
}
