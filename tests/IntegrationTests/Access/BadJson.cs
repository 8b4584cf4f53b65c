using System.Text;
using System.Text.Json.Nodes;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Corrupts a JSON text: one place in its structure, or its bytes.</summary>
internal static class BadJson
{
    /// <summary>Placeholder of a value that a JSON writer cannot write; see <see cref="Raw"/>.</summary>
    private const string Mark = "\u0001raw\u0001";

    private static readonly string[] OfAnotherType =
    [
        .. (string[])["null", "true", "7", "-1.5", "[]", "{}", "[[]]", "{\"a\":1}", "[null]", "\"\"", "[7]", "\"text\""],
    ];

    private static readonly string[] Raw =
    [
        "1e400",
        "-1e400",
        "99999999999999999999999999",
        "1e-400",
        "0.1e-99999",
        "-0",
        "01",
        "NaN",
        "Infinity",
        "'a'",
        "undefined",
        "\"\\u0000\"",
        "\"a\\u0000b\"",
        "\"\\ud800\"",
        "\"\\udc00\\ud800\"",
        "\"\\x\"",
        "\"\\u12\"",
        "\"a\nb\"",
        "\"a\\r\\nBcc: x@example.com\"",
        "\"{{ a | nofilter }}\"",
        "\"{% for %}\"",
        "\"{{\"",
        "\"2026-13-45T99:99:99Z\"",
        "\"P1Y2M\"",
        "\"-PT1S\"",
        "\"00000000-0000-0000-0000-000000000000\"",
        $"\"{new string('x', 70_000)}\"",
        string.Concat(Enumerable.Repeat("[", 3_000)),
        string.Concat(Enumerable.Repeat("{\"a\":", 100)) + "1" + new string('}', 100),
        $"[{string.Join(',', Enumerable.Repeat("{}", 200))}]",
    ];

    /// <summary>A corrupted copy, and the kind of corruption.</summary>
    public static (string What, byte[] Body) Of(string json, Random random)
    {
        if (random.Next(4) == 0)
        {
            return Bytes(Encoding.UTF8.GetBytes(json), random);
        }

        var root = JsonNode.Parse(json)!;
        var (holder, key) = Pick(root, random);
        switch (random.Next(7))
        {
            case 0:
                Remove(holder, key);
                return ("missing", Text(root));
            case 1 when holder is JsonObject fields:
                fields[$"{key}_"] = 1;
                return ("unknown field", Text(root));
            case 2 when holder is JsonObject fields:
                Put(fields, key, Mark);
                var value = root.ToJsonString();
                return ("duplicate", Encoding.UTF8.GetBytes(value.Replace(Marked(), $"1,\"{key}\":1", StringComparison.Ordinal)));
            case 3 when holder is JsonObject fields && key is string name:
                Remove(holder, key);
                fields[name.ToUpperInvariant()] = 1;
                return ("another case", Text(root));
            case 4 or 5:
                Put(holder, key, Mark);
                var raw = Raw[random.Next(Raw.Length)];
                return ("hostile value", Encoding.UTF8.GetBytes(root.ToJsonString().Replace(Marked(), raw, StringComparison.Ordinal)));
            default:
                Put(holder, key, Mark);
                var other = OfAnotherType[random.Next(OfAnotherType.Length)];
                return ("another type", Encoding.UTF8.GetBytes(root.ToJsonString().Replace(Marked(), other, StringComparison.Ordinal)));
        }
    }

    /// <summary>Any text with some corrupted bytes.</summary>
    public static (string What, byte[] Body) Bytes(byte[] body, Random random)
    {
        var at = random.Next(body.Length);
        byte[][] pieces =
        [
            [0xff],
            [0xc0, 0x80],
            [0xe2, 0x82],
            [0xed, 0xa0, 0x80],
            [0xf5, 0x90, 0x80, 0x80],
            [0x00],
            [(byte)random.Next(256)],
            "\""u8.ToArray(),
            ","u8.ToArray(),
            "}"u8.ToArray(),
            "/*"u8.ToArray(),
        ];
        return random.Next(9) switch
        {
            0 or 1 => ("truncated", body[..at]),
            2 => ("UTF-16", Encoding.Unicode.GetBytes(Encoding.UTF8.GetString(body))),
            3 => ("twice", [.. body, .. body]),
            4 => ("noise", Noise(random)),
            5 => ("another whole", Encoding.UTF8.GetBytes(OfAnotherType[random.Next(9)])),
            _ => ("spoilt bytes", [.. body[..at], .. pieces[random.Next(pieces.Length)], .. body[at..]]),
        };
    }

    private static byte[] Noise(Random random)
    {
        var noise = new byte[random.Next(1, 2_000)];
        random.NextBytes(noise);
        return noise;
    }

    private static (JsonNode Holder, object Key) Pick(JsonNode root, Random random)
    {
        List<(JsonNode, object)> places = [];
        Collect(root, places);
        return places.Count == 0 ? (root, "a") : places[random.Next(places.Count)];
    }

    private static void Collect(JsonNode? node, List<(JsonNode, object)> places)
    {
        if (node is JsonObject fields)
        {
            foreach (var (name, value) in fields)
            {
                places.Add((fields, name));
                Collect(value, places);
            }
        }
        else if (node is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                places.Add((items, i));
                Collect(items[i], places);
            }
        }
    }

    private static void Remove(JsonNode holder, object key)
    {
        if (holder is JsonObject fields)
        {
            fields.Remove((string)key);
        }
        else
        {
            ((JsonArray)holder).RemoveAt((int)key);
        }
    }

    private static void Put(JsonNode holder, object key, string value)
    {
        if (holder is JsonObject fields)
        {
            fields[(string)key] = value;
        }
        else
        {
            ((JsonArray)holder)[(int)key] = value;
        }
    }

    private static string Marked() => JsonValue.Create(Mark).ToJsonString();

    private static byte[] Text(JsonNode root) => Encoding.UTF8.GetBytes(root.ToJsonString());
}
