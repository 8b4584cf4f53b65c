using System.Collections.Concurrent;

namespace FollowUp.Chaos;

/// <summary>The breaches by kind, each with the ids of the broken rows. A kind that was checked and is intact has none.</summary>
internal sealed class Breaches
{
    private readonly ConcurrentDictionary<string, ConcurrentDictionary<string, byte>> _byKind = new();

    public IReadOnlyList<(string Kind, IReadOnlyList<string> What)> ByKind =>
        [.. _byKind.OrderBy(k => k.Key, StringComparer.Ordinal).Select(k => (k.Key, (IReadOnlyList<string>)[.. k.Value.Keys.Order()]))];

    public int Count => _byKind.Values.Sum(what => what.Count);

    /// <summary>Adds the result of a check.</summary>
    public void Found(string kind, params IEnumerable<string> what)
    {
        var found = _byKind.GetOrAdd(kind, _ => new());
        foreach (var each in what)
        {
            found[each] = 0;
        }
    }
}
