using System.Globalization;

namespace FollowUp.Chaos;

/// <summary>
/// Whether a process leaks: compares the last third of its lifetime with the second one. Compares the lower quartiles, because the size of a heap
/// oscillates and its minima show what is retained.
/// </summary>
internal static class Growth
{
    /// <summary>Tolerance: a heap that was not collected for a while, connections of a busier moment.</summary>
    private static readonly (string What, Func<Holding, double> Of, double Factor, double Slack)[] Measures =
    [
        ("heap, MB", h => h.HeapMb, 1.25, 20),
        ("resident memory, MB", h => h.ResidentMb, 1.2, 40),
        ("handles", h => h.Handles, 1.1, 15),
        ("connections to the database", h => h.Connections, 1, 10),
    ];

    /// <summary>Checks for growth, and returns the figures of the middle and the end of the run.</summary>
    public static IReadOnlyList<(string What, string Figures)> Judge(IReadOnlyList<Holding> holdings, bool judged, Breaches breaches)
    {
        var third = holdings.Count / 3;
        List<(string, string)> table = [];
        foreach (var (what, of, factor, slack) in Measures)
        {
            if (third < 5)
            {
                break;
            }

            var middle = LowerQuartile(holdings.Skip(third).Take(third).Select(of));
            var end = LowerQuartile(holdings.Skip(2 * third).Select(of));
            table.Add((what, string.Create(CultureInfo.InvariantCulture, $"{middle:0} -> {end:0}")));
            if (judged)
            {
                breaches.Found(
                    "growth: a process holds more the longer it runs",
                    end > (middle * factor) + slack ? [$"{what}: {middle:0} -> {end:0}"] : []
                );
            }
        }

        if (judged && table.Count == 0)
        {
            breaches.Found("growth: a process holds more the longer it runs", "the spared worker could not be measured");
        }

        return table;
    }

    private static double LowerQuartile(IEnumerable<double> values)
    {
        var sorted = values.Order().ToList();
        return sorted[sorted.Count / 4];
    }
}
