using System.Globalization;
using System.Text.Json;

namespace FollowUp.Bench;

/// <summary>The target of a figure.</summary>
/// <param name="Limit">The limit; null for a figure without a target.</param>
/// <param name="AtLeast">Whether more is better.</param>
internal readonly record struct Bar(double? Limit, bool AtLeast = true)
{
    public static readonly Bar None = new(null);

    public static Bar Least(double limit) => new(limit);

    public static Bar Most(double limit) => new(limit, AtLeast: false);

    public bool? IsMetBy(double value) =>
        Limit is not { } limit ? null
        : AtLeast ? value >= limit
        : value <= limit;

    public override string ToString() =>
        Limit is { } limit ? $"{(AtLeast ? "≥" : "≤")} {limit.ToString("#,0.##", CultureInfo.InvariantCulture)}" : "–";
}

/// <summary>A figure of one run.</summary>
internal sealed record Reading(string Name, string Unit, double Value, Bar Bar = default)
{
    public override string ToString() => $"{Name}: {Table.Text(Value)} {Unit}";
}

/// <summary>Collects readings, and prints each figure's median, minimum and maximum of all runs.</summary>
internal sealed class Table
{
    private static readonly JsonSerializerOptions Json = new()
    {
        WriteIndented = true,
        Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    private readonly List<Reading> _readings = [];

    /// <summary>Adds a figure of a run.</summary>
    public void Add(Reading reading) => _readings.Add(reading);

    /// <summary>Whether every median meets its target.</summary>
    public bool AllMet => Rows().All(row => row.Bar.IsMetBy(row.Median) != false);

    public void Print()
    {
        Console.WriteLine();
        Console.WriteLine("| measure | median | min – max | bar | met |");
        Console.WriteLine("|---|---:|---:|---:|---|");
        foreach (var row in Rows())
        {
            var met = row.Bar.IsMetBy(row.Median) switch
            {
                true => "yes",
                false => "NO",
                null => "",
            };
            Console.WriteLine($"| {row.Name} | {Text(row.Median)} {row.Unit} | {Text(row.Least)} – {Text(row.Most)} | {row.Bar} | {met} |");
        }
    }

    /// <summary>Writes the figures and the environment of the measurement.</summary>
    public async Task Save(string file, object machine) =>
        await File.WriteAllTextAsync(
            file,
            JsonSerializer.Serialize(
                new
                {
                    measuredAt = DateTimeOffset.UtcNow,
                    machine,
                    figures = Rows()
                        .Select(row => new
                        {
                            name = row.Name,
                            unit = row.Unit,
                            median = Math.Round(row.Median, 3),
                            runs = row.Values.Select(value => Math.Round(value, 3)),
                            bar = row.Bar.ToString(),
                            met = row.Bar.IsMetBy(row.Median),
                        }),
                },
                Json
            ) + "\n"
        );

    /// <summary>The text of a figure.</summary>
    public static string Text(double value) => value.ToString(Math.Abs(value) < 10 ? "0.00" : "#,0", CultureInfo.InvariantCulture);

    private IEnumerable<Row> Rows() =>
        _readings.GroupBy(reading => reading.Name).Select(group => new Row(group.First(), [.. group.Select(reading => reading.Value)]));

    private sealed record Row(Reading First, double[] Values)
    {
        public string Name => First.Name;

        public string Unit => First.Unit;

        public Bar Bar => First.Bar;

        public double Median => Values.Order().ElementAt(Values.Length / 2);

        public double Least => Values.Min();

        public double Most => Values.Max();
    }
}
