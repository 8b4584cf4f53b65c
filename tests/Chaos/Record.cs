using System.Collections.Concurrent;
using System.Text.Json;

namespace FollowUp.Chaos;

/// <summary>What became of a call, as far as the caller knows.</summary>
internal enum Fate
{
    /// <summary>It was answered with success: it is committed.</summary>
    Done,

    /// <summary>It was answered with a refusal: nothing of it is stored.</summary>
    Refused,

    /// <summary>No answer came, or one that says that the server does not know: it may or may not be stored.</summary>
    Unknown,
}

/// <summary>A command that a person gave about an instance.</summary>
/// <param name="Verb">Such as <c>pause</c>.</param>
/// <param name="Detail">Such as the reason of a stop.</param>
/// <param name="Fate">What became of it.</param>
/// <param name="At">When its answer came.</param>
internal sealed record Asked(string Verb, string? Detail, Fate Fate, DateTimeOffset At);

/// <summary>An enrolment that was asked for, named by a key of our own that travels with it into every message.</summary>
internal sealed class Enrolment(string key, string owner, Guid sequence, string? capped)
{
    private readonly ConcurrentQueue<Asked> _asked = new();

    public string Key { get; } = key;

    public string Owner { get; } = owner;

    public Guid Sequence { get; } = sequence;

    /// <summary>The address, in lower case, where its owner may send it only so many mails a day.</summary>
    public string? Capped { get; } = capped;

    public Fate Fate { get; set; } = Fate.Unknown;

    /// <summary>The instance's id, once an answer named it.</summary>
    public Guid? Instance { get; set; }

    public IEnumerable<Asked> Commands => _asked;

    public void Ask(Asked asked) => _asked.Enqueue(asked);
}

/// <summary>A limit that holds from before the first enrolment to the healing, within one day of its zone: the run begins in that day's first hours.</summary>
internal sealed class RecipientCap
{
    public const int Most = 4;

    /// <summary>When it was taken back; what was sent before kept to it.</summary>
    public DateTimeOffset Lifted { get; set; } = DateTimeOffset.MaxValue;

    public static string ToJson()
    {
        // The signs of these zones' names are the other way about: Etc/GMT+5 is five hours behind UTC.
        var hour = DateTime.UtcNow.Hour;
        var zone =
            hour == 0 ? "Etc/UTC"
            : hour <= 12 ? $"Etc/GMT+{hour}"
            : $"Etc/GMT-{24 - hour}";
        return JsonSerializer.Serialize(new { timeZone = zone, perRecipientPerDay = Most });
    }
}

/// <summary>
/// All that the run asked of the API, and what it was answered. The checks hold it against the database: what was answered with success must
/// be there, what was refused must not, and what is unknown may be either, but only once.
/// </summary>
internal sealed class Record
{
    private readonly ConcurrentDictionary<string, Enrolment> _byKey = new();
    private readonly ConcurrentDictionary<Guid, Enrolment> _byInstance = new();
    private readonly ConcurrentDictionary<Guid, (Fate Fate, DateTimeOffset At)> _deleted = new();
    private readonly ConcurrentDictionary<(Guid Sequence, string Verb), int> _actions = new();

    public IEnumerable<Enrolment> Enrolments => _byKey.Values;

    /// <summary>Sequences that were asked to be deleted.</summary>
    public IReadOnlyDictionary<Guid, (Fate Fate, DateTimeOffset At)> Deleted => _deleted;

    /// <summary>Notes that an action was asked for on all instances of a sequence: it may reach each of them once, also those that are enrolled under way.</summary>
    public void ActOnAll(Guid sequence, string verb) => _actions.AddOrUpdate((sequence, verb), 1, (_, count) => count + 1);

    /// <summary>How many actions of a kind were asked for on all instances of a sequence.</summary>
    public int ActionsOnAll(Guid sequence, string verb) => _actions.GetValueOrDefault((sequence, verb));

    /// <summary>How many mails one of the owners may send to one address a day.</summary>
    public RecipientCap Cap { get; } = new();

    public Enrolment New(string key, string owner, Guid sequence, string? capped) =>
        _byKey[key] = new Enrolment(key, owner, sequence, capped);

    /// <summary>Notes which instance an enrolment became.</summary>
    public void Know(string key, Guid instance)
    {
        if (_byKey.TryGetValue(key, out var enrolment))
        {
            enrolment.Instance = instance;
            _byInstance[instance] = enrolment;
        }
    }

    public Enrolment? Of(string key) => _byKey.GetValueOrDefault(key);

    public void Delete(Guid sequence, Fate fate) => _deleted[sequence] = (fate, DateTimeOffset.UtcNow);
}
