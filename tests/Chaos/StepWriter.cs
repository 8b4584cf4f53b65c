using System.Globalization;
using System.Text.Json.Nodes;
using FollowUp.Testing.Fakes;

namespace FollowUp.Chaos;

/// <summary>
/// Writes and edits steps. A step keeps its id in all edits, and its messages carry the number of that id, by which they are counted in all
/// versions and at all indexes.
/// </summary>
internal sealed class StepWriter
{
    private const int Most = 8;

    /// <summary>
    /// Text that cannot be stored as rendered: half of the emoji at the start of some names, and U+0000. Short, because an edit of a text message
    /// keeps only its end, which has the mark.
    /// </summary>
    private const string Poison = "{{ recipient.name | slice: 0, 1 }}{{ 'AA==' | base64_decode }}";

    private int _last;

    /// <summary>A step's id is this letter and a number.</summary>
    public const string IdPrefix = "s";

    /// <summary>Three to six steps, the first of which sends.</summary>
    public JsonArray Write(Random random)
    {
        var steps = new JsonArray { Step(random, sends: true) };
        for (var more = random.Next(2, 6); more > 0; more--)
        {
            steps.Add(Step(random, sends: false));
        }

        return steps;
    }

    /// <summary>Applies one edit to steps: another text, another wait, a step more or less, or two steps swapped.</summary>
    public JsonArray Edit(JsonArray read, Random random)
    {
        var steps = read.Select(step => step!.DeepClone()).ToList();
        var at = random.Next(steps.Count);
        switch (random.NextDouble())
        {
            case < 0.5:
                Reword(steps[at], random);
                break;
            case < 0.7 when steps.Count < Most:
                steps.Insert(at, Step(random, sends: false));
                break;
            case < 0.85 when steps.Count > 1:
                steps.RemoveAt(at);
                break;
            default:
                var other = random.Next(steps.Count);
                (steps[at], steps[other]) = (steps[other], steps[at]);
                break;
        }

        return [.. steps];
    }

    private static void Reword(JsonNode step, Random random)
    {
        switch (step["type"]!.ToString())
        {
            case "EMAIL":
                step["body"] = $"<p>Hello again, {random.Next(1_000)}</p>";
                break;
            case "SMS":
                step["message"] = $"{random.Next(1_000)} {step["message"]}"[^Math.Min(100, step["message"]!.ToString().Length + 2)..];
                break;
            default:
                step["delay"] = Delay(random);
                break;
        }
    }

    private JsonObject Step(Random random, bool sends)
    {
        var number = Interlocked.Increment(ref _last);
        var step = random.Next(sends ? 4 : 6) switch
        {
            0 or 1 => new JsonObject
            {
                ["type"] = "EMAIL",
                ["subject"] = $"Your offer {StepMark.For(number)}",
                ["body"] = $"<p>Hi {{{{ recipient.firstName | default: \"there\" }}}}{(random.Next(3) == 0 ? Poison : "")}</p>",
            },
            2 or 3 => new JsonObject
            {
                ["type"] = "SMS",
                ["message"] = $"{(random.Next(3) == 0 ? Poison : "")}Still there? {StepMark.For(number)}",
            },
            _ => new JsonObject { ["type"] = "WAIT", ["delay"] = Delay(random) },
        };
        step["id"] = string.Create(CultureInfo.InvariantCulture, $"{IdPrefix}{number}");
        return step;
    }

    private static string Delay(Random random) => string.Create(CultureInfo.InvariantCulture, $"PT{random.Next(1, 20) / 10.0:0.0}S");
}
