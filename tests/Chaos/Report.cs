using System.Globalization;
using System.Text;

namespace FollowUp.Chaos;

/// <summary>The parameters and results of a run, as a table.</summary>
internal sealed class Report
{
    private readonly List<(string Section, string What, string Figure)> _rows = [];

    public required int Seed { get; init; }

    public required TimeSpan Length { get; init; }

    public required Breaches Breaches { get; init; }

    /// <summary>Number of messages that the providers accepted.</summary>
    public required int Taken { get; init; }

    /// <summary>Number of injected faults.</summary>
    public required int Faults { get; init; }

    /// <summary>The folders of the logs and of the database; null when there was no breach.</summary>
    public string? Left { get; set; }

    public void Add(string section, string what, string figure) => _rows.Add((section, what, figure));

    public void Add(string section, string what, long figure) => Add(section, what, figure.ToString(CultureInfo.InvariantCulture));

    /// <summary>The table, and below it the breaches.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var rows = _rows
            .Concat(Breaches.ByKind.Select(b => ("breaches", b.Kind, b.What.Count.ToString(CultureInfo.InvariantCulture))))
            .ToList();
        var width = rows.Max(row => row.Item2.Length);
        foreach (var section in rows.GroupBy(row => row.Item1))
        {
            text.Append('\n').Append(section.Key.ToUpperInvariant()).Append('\n');
            foreach (var (_, what, figure) in section)
            {
                text.Append("  ").Append(what.PadRight(width)).Append("  ").Append(figure.PadLeft(8)).Append('\n');
            }
        }

        text.Append('\n')
            .Append(CultureInfo.InvariantCulture, $"seed {Seed}, {Length.TotalMinutes:0.#} minutes of faults: {Breaches.Count} breaches\n");
        foreach (var (kind, what) in Breaches.ByKind.Where(b => b.What.Count > 0))
        {
            text.Append('\n').Append(kind).Append('\n');
            foreach (var each in what.Take(20))
            {
                text.Append("  ").Append(each).Append('\n');
            }

            if (what.Count > 20)
            {
                text.Append(CultureInfo.InvariantCulture, $"  and {what.Count - 20} more\n");
            }
        }

        if (Left is not null)
        {
            text.Append('\n').Append("Logs and database: ").Append(Left).Append('\n');
        }

        return text.ToString();
    }
}
