namespace FollowUp.Domain.Sequences;

/// <summary>Checks step maps: ids of old steps to ids of the new version's steps, without loops.</summary>
public static class StepMap
{
    /// <summary>The maximum number of entries: four times the steps of a version, so that several old versions can be mapped.</summary>
    public const int MostEntries = 200;

    /// <summary>The number of ids of a loop that an error lists.</summary>
    private const int MostShown = 10;

    /// <summary>The validation message for <see cref="IsSmall"/>.</summary>
    public static string SizeRule { get; } = $"must have at most {MostEntries} entries";

    /// <summary>Whether a map has at most <see cref="MostEntries"/> entries.</summary>
    /// <param name="map">The map; null counts as empty.</param>
    public static bool IsSmall(IReadOnlyDictionary<string, string?>? map) => map is null || map.Count <= MostEntries;

    /// <summary>Validates a map in linear time.</summary>
    /// <param name="map">
    /// Maps ids of old steps to ids of new ones, or to null when no steps remain. Its size is checked by <see cref="IsSmall"/>.
    /// </param>
    /// <param name="older">The ids of the steps of the versions whose instances would move.</param>
    /// <param name="target">The ids of the new steps.</param>
    /// <returns>The errors, each with the field <c>map.</c> and the id; empty for a valid map.</returns>
    public static IReadOnlyList<ValidationError> Check(
        IReadOnlyDictionary<string, string?> map,
        IReadOnlySet<string> older,
        IReadOnlySet<string> target
    )
    {
        var loops = Loops(map);
        List<ValidationError> errors = [];
        foreach (var (id, goal) in map)
        {
            if (!older.Contains(id))
            {
                Wrong(
                    id,
                    target.Contains(id)
                        ? "is a step of the new version only; the keys of a map are old steps"
                        : "is not a step of an older version"
                );
            }

            if (goal is not null && !target.Contains(goal))
            {
                Wrong(
                    id,
                    older.Contains(goal)
                        ? $"leads to {goal}, which is a step of an older version only"
                        : $"leads to {goal}, which is not a step of the new version"
                );
            }

            if (loops.TryGetValue(id, out var loop))
            {
                Wrong(id, $"leads back to itself: {Show(loop, id)}");
            }
        }

        return errors;

        void Wrong(string id, string rule) => errors.Add(new ValidationError($"map.{id}", rule));
    }

    /// <summary>The loop that each id is part of. An id mapped to itself keeps its step and is not a loop. Each id is visited once.</summary>
    private static Dictionary<string, List<string>> Loops(IReadOnlyDictionary<string, string?> map)
    {
        Dictionary<string, List<string>> loops = [];
        Dictionary<string, int> visited = [];
        foreach (var start in map.Keys)
        {
            List<string> path = [];
            var first = visited.Count;
            for (var id = start; id is not null && map.TryGetValue(id, out var next); id = next)
            {
                if (visited.TryGetValue(id, out var at))
                {
                    // An index from before this path belongs to an earlier path, whose loops are known.
                    if (at >= first && path.Count - (at - first) > 1)
                    {
                        var loop = path[(at - first)..];
                        loop.ForEach(member => loops[member] = loop);
                    }

                    break;
                }

                visited[id] = first + path.Count;
                path.Add(id);
            }
        }

        return loops;
    }

    private static string Show(List<string> loop, string from)
    {
        var start = loop.IndexOf(from);
        var shown = Enumerable.Range(0, Math.Min(loop.Count, MostShown)).Select(i => loop[(start + i) % loop.Count]);
        return string.Join(" → ", [.. shown, loop.Count > MostShown ? "…" : from]);
    }
}
