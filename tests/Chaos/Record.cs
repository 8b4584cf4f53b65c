using System.Collections.Concurrent;
using System.Text.Json;

namespace FollowUp.Chaos;

/// <summary>The outcome of a call, as far as the caller knows.</summary>
internal enum CallOutcome
{
    /// <summary>A success: the change is committed.</summary>
    Done,

    /// <summary>A refusal: the change is not stored.</summary>
    Refused,

    /// <summary>No answer, or one that leaves it open: the change may be stored.</summary>
    Unknown,
}

/// <summary>A command that a user sent for an instance.</summary>
/// <param name="Verb">Such as <c>pause</c>.</param>
/// <param name="Detail">Such as the reason of a stop.</param>
/// <param name="Outcome">Its outcome.</param>
/// <param name="At">Instant of its answer.</param>
internal sealed record SentCommand(string Verb, string? Detail, CallOutcome Outcome, DateTimeOffset At);

/// <summary>A requested enrolment with a unique key, which every message carries.</summary>
internal sealed class Enrolment(string key, string owner, Guid sequence, string? capped)
{
    private readonly ConcurrentQueue<SentCommand> _asked = new();

    public string Key { get; } = key;

    public string Owner { get; } = owner;

    public Guid Sequence { get; } = sequence;

    /// <summary>The address in lower case, if its owner has a daily maximum per address; null otherwise.</summary>
    public string? Capped { get; } = capped;

    public CallOutcome Outcome { get; set; } = CallOutcome.Unknown;

    /// <summary>The instance's id; null until an answer contains it.</summary>
    public Guid? Instance { get; set; }

    public IEnumerable<SentCommand> Commands => _asked;

    public void Ask(SentCommand asked) => _asked.Enqueue(asked);
}

/// <summary>A limit that holds from before the first enrolment to the healing, within one day of its zone: the run begins in that day's first hours.</summary>
internal sealed class RecipientCap
{
    public const int Most = 4;

    /// <summary>The instant at which it was removed.</summary>
    public DateTimeOffset Lifted { get; set; } = DateTimeOffset.MaxValue;

    public static string ToJson()
    {
        // The signs of these zones' names are reversed: Etc/GMT+5 is five hours behind UTC.
        var hour = DateTime.UtcNow.Hour;
        var zone =
            hour == 0 ? "Etc/UTC"
            : hour <= 12 ? $"Etc/GMT+{hour}"
            : $"Etc/GMT-{24 - hour}";
        return JsonSerializer.Serialize(new { timeZone = zone, perRecipientPerDay = Most });
    }
}

/// <summary>
/// All requests of the run with their outcomes. The checks compare it with the database: a confirmed change must exist, a refused one must not,
/// and an unknown one may exist once.
/// </summary>
internal sealed class Record
{
    private readonly ConcurrentDictionary<string, Enrolment> _byKey = new();
    private readonly ConcurrentDictionary<Guid, Enrolment> _byInstance = new();
    private readonly ConcurrentDictionary<Guid, (CallOutcome Outcome, DateTimeOffset At)> _deleted = new();
    private readonly ConcurrentDictionary<(Guid Sequence, string Verb), int> _actions = new();

    public IEnumerable<Enrolment> Enrolments => _byKey.Values;

    /// <summary>Sequences with a requested deletion.</summary>
    public IReadOnlyDictionary<Guid, (CallOutcome Outcome, DateTimeOffset At)> Deleted => _deleted;

    /// <summary>Records an action on all instances of a sequence: it may reach each once, including those enrolled meanwhile.</summary>
    public void ActOnAll(Guid sequence, string verb) => _actions.AddOrUpdate((sequence, verb), 1, (_, count) => count + 1);

    /// <summary>Number of requested actions of a kind on all instances of a sequence.</summary>
    public int ActionsOnAll(Guid sequence, string verb) => _actions.GetValueOrDefault((sequence, verb));

    /// <summary>The daily maximum per address of one of the owners.</summary>
    public RecipientCap Cap { get; } = new();

    public Enrolment New(string key, string owner, Guid sequence, string? capped) =>
        _byKey[key] = new Enrolment(key, owner, sequence, capped);

    /// <summary>Records the instance of an enrolment.</summary>
    public void Know(string key, Guid instance)
    {
        if (_byKey.TryGetValue(key, out var enrolment))
        {
            enrolment.Instance = instance;
            _byInstance[instance] = enrolment;
        }
    }

    public Enrolment? Of(string key) => _byKey.GetValueOrDefault(key);

    public void Delete(Guid sequence, CallOutcome outcome) => _deleted[sequence] = (outcome, DateTimeOffset.UtcNow);
}
