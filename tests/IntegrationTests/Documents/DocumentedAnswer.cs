using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace FollowUp.IntegrationTests.Documents;

/// <summary>
/// Compares an answer with the one that a document shows. An ellipsis means anything: for fields of an object, for items of an array, for a part
/// of a text. A shortened id such as <c>01a229f3-5522-…</c>, or an instant with a fraction of a second, means the same value in all examples of
/// a document. Everything else is compared exactly.
/// </summary>
internal sealed partial class DocumentedAnswer
{
    private readonly Dictionary<string, string> _values = [];

    /// <summary>Says which value a text of the document means.</summary>
    public void Bind(string placeholder, string value) => _values[placeholder] = value;

    /// <summary>Replaces the placeholders whose values are known.</summary>
    public string Fill(string text) =>
        _values.Aggregate(text, (filled, value) => filled.Replace(value.Key, value.Value, StringComparison.Ordinal));

    /// <summary>The first difference between an answer and the shown one; null when there is none.</summary>
    public string? Difference(string shown, string answer)
    {
        if (!shown.StartsWith('{'))
        {
            return shown.Split('\n').FirstOrDefault(line => !answer.Split('\n').Any(actual => IsText(line.Trim(), actual.Trim())));
        }

        Dictionary<string, string> before = new(_values);
        var difference = Difference("", JsonNode.Parse(WithMarkers(shown)), JsonNode.Parse(answer));
        if (difference is not null)
        {
            _values.Clear();
            foreach (var (placeholder, value) in before)
            {
                _values[placeholder] = value;
            }
        }

        return difference;
    }

    private string? Difference(string path, JsonNode? shown, JsonNode? actual) =>
        (shown, actual) switch
        {
            (JsonObject expected, JsonObject found) => OfObjects(path, expected, found),
            (JsonArray expected, JsonArray found) => OfArrays(path, expected, found),
            (JsonValue expected, JsonValue found)
                when expected.GetValueKind() == JsonValueKind.String && found.GetValueKind() == JsonValueKind.String => IsText(
                expected.GetValue<string>(),
                found.GetValue<string>()
            )
                ? null
                : $"{path}: {found} is not {expected}",
            _ => JsonNode.DeepEquals(shown, actual) ? null : $"{path}: {actual?.ToJsonString() ?? "null"} is not {shown?.ToJsonString()}",
        };

    private string? OfObjects(string path, JsonObject shown, JsonObject actual)
    {
        var named = shown.Where(field => !field.Key.StartsWith('…')).ToList();
        if (named.Find(field => !actual.ContainsKey(field.Key)).Key is { } missing)
        {
            return $"{path}.{missing} is missing";
        }

        if (named.Count == shown.Count && actual.FirstOrDefault(field => !shown.ContainsKey(field.Key)).Key is { } other)
        {
            return $"{path}.{other} is not shown";
        }

        return named.Select(field => Difference($"{path}.{field.Key}", field.Value, actual[field.Key])).FirstOrDefault(d => d is not null);
    }

    private string? OfArrays(string path, JsonArray shown, JsonArray actual)
    {
        var (next, skips, last) = (0, false, (string?)null);
        foreach (var item in shown)
        {
            if (item is JsonValue value && value.GetValueKind() == JsonValueKind.String && value.GetValue<string>() == "…")
            {
                skips = true;
                continue;
            }

            last = $"{path}[{next}] is missing";
            while (next < actual.Count && (last = Difference($"{path}[{next}]", item, actual[next])) is not null && skips)
            {
                next++;
            }

            if (last is not null || next == actual.Count)
            {
                return last ?? $"{path}[{next}] is missing";
            }

            (next, skips) = (next + 1, false);
        }

        return skips || next == actual.Count ? null : $"{path} has {actual.Count} items, {next} are shown";
    }

    private bool IsText(string shown, string actual)
    {
        List<string> unbound = [];
        var pattern = Placeholder()
            .Replace(
                Fill(shown),
                match =>
                {
                    unbound.Add(match.Value);
                    return $"\u0001{unbound.Count - 1}\u0002";
                }
            );
        pattern = Regex.Escape(pattern).Replace("…", ".*", StringComparison.Ordinal);
        for (var i = 0; i < unbound.Count; i++)
        {
            pattern = pattern.Replace($"\u0001{i}\u0002", $"(?<v{i}>[0-9a-fA-FTZ:.+-]+)", StringComparison.Ordinal);
        }

        var match = Regex.Match(actual, $"^{pattern}$", RegexOptions.Singleline);
        for (var i = 0; match.Success && i < unbound.Count; i++)
        {
            _values[unbound[i]] = match.Groups[$"v{i}"].Value;
        }

        return match.Success;
    }

    /// <summary>Makes JSON of a shown answer: an ellipsis outside of a text becomes a field or an item.</summary>
    private static string WithMarkers(string shown)
    {
        var json = new StringBuilder();
        var (inText, fields) = (false, 0);
        Stack<char> open = new();
        for (var i = 0; i < shown.Length; i++)
        {
            var c = shown[i];
            if (inText && c == '\\')
            {
                json.Append(c).Append(shown[++i]);
                continue;
            }

            inText ^= c == '"';
            if (!inText && c is '{' or '[')
            {
                open.Push(c);
            }
            else if (!inText && c is '}' or ']')
            {
                open.Pop();
            }

            json.Append(
                inText || c != '…' ? c.ToString()
                : open.Peek() == '[' ? "\"…\""
                : $"\"…{fields++}\":true"
            );
        }

        return json.ToString();
    }

    [GeneratedRegex(@"[0-9a-f]{8}(-[0-9a-f]{4}){0,3}-…|[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}\.[0-9]+Z")]
    private static partial Regex Placeholder();
}
