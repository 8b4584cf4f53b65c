using System.Collections.Concurrent;

namespace FollowUp.Chaos;

/// <summary>What was found broken: kinds, each with the ids of what broke. A kind that was looked for and not found stands with none.</summary>
internal sealed class Breaches
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte>> _byKind = new();

    public IReadOnlyList<(string Kind, IReadOnlyList<string> What)> ByKind =>
        [.. _byKind.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => (k.Key, (IReadOnlyList<string>)[.. k.Value.Keys.Order()]))];

    public int Count => _byKind.Values.Sum(what => what.Count);

    /// <summary>A kind was looked for, and this was found.</summary>
    public void Found(string kind, params IEnumerable<string> what)
    {
        var found = _byKind.GetOrAdd(kind, _ => new());
        foreach (var each in what)
        {
            found[each] = 0;
        }
    }
}
