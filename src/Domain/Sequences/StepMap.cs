using Ardalis.Result;

namespace FollowUp.Domain.Sequences;

/// <summary>What a step map may say: from ids of older versions' steps to ids of the new version's, without a ring.</summary>
public static class StepMap
{
    /// <summary>Checks a map.</summary>
    /// <param name="map">From ids of old steps to ids of new ones, or to null where nothing is left.</param>
    /// <param name="older">The versions whose instances would move.</param>
    /// <param name="target">The new steps, all with ids.</param>
    /// <returns>What is wrong, each naming <c>map.</c> and the id; empty when nothing is.</returns>
    public static IReadOnlyList<ValidationError> Check(
        IReadOnlyDictionary<string, string?> map,
        IReadOnlyList<IReadOnlyList<Step>> older,
        IReadOnlyList<Step> target
    )
    {
        var (from, to) = (Ids(older.SelectMany(steps => steps)), Ids(target));
        List<ValidationError> errors = [];
        foreach (var (id, goal) in map)
        {
            if (!from.Contains(id))
            {
                Wrong(
                    id,
                    to.Contains(id) ? "is a step of the new version only: a map begins at an old step" : "is not a step of an older version"
                );
            }

            if (goal is not null && !to.Contains(goal))
            {
                Wrong(
                    id,
                    from.Contains(goal)
                        ? $"leads to {goal}, which is a step of an older version only"
                        : $"leads to {goal}, which is not a step of the new version"
                );
            }

            if (Ring(map, id) is { } ring)
            {
                Wrong(id, $"leads back to itself: {string.Join(" → ", ring)}");
            }
        }

        return errors;

        void Wrong(string id, string rule) => errors.Add(new ValidationError($"map.{id}", rule));
    }

    /// <summary>The way from an id back to itself, over others; null when there is none.</summary>
    private static List<string>? Ring(IReadOnlyDictionary<string, string?> map, string id)
    {
        List<string> way = [id];
        while (map.TryGetValue(way[^1], out var next) && next is not null && (next == id || !way.Contains(next)))
        {
            way.Add(next);
            if (next == id)
            {
                return way.Count > 2 ? way : null;
            }
        }

        return null;
    }

    private static HashSet<string> Ids(IEnumerable<Step> steps) => steps.Select(step => step.Id).ToHashSet();
}
