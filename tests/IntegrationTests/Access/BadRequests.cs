using System.Text;

namespace FollowUp.IntegrationTests.Access;

/// <summary>Generates malformed requests of an operation from a seed.</summary>
internal sealed class BadRequests(Random random)
{
    private static readonly string[] BadIds =
    [
        "7",
        "null",
        "%00",
        "%ff%fe",
        "..%2f..%2fetc%2fpasswd",
        "'%20OR%201=1--",
        "00000000-0000-0000-0000-000000000000",
        "%7B{0}%7D",
        "{0}%0d%0aX-Evil:1",
        "{0}x",
        "x{0}",
        "{0}%2f..",
        new string('a', 3_000),
        "%c3%28",
        "$where",
        "{0},{0}",
    ];

    private static readonly string[] BadValues =
    [
        "",
        "-1",
        "0",
        "201",
        "99999999999999999999",
        "1.5",
        "1e3",
        "%00",
        "a%00b",
        "%ff",
        "%ed%a0%80",
        "tomorrow",
        "2026-01-31",
        "2026-01-31T09:30:00",
        "9999-12-31T23:59:59-14:00",
        "0001-01-01T00:00:00%2B14:00",
        "not-a-guid",
        "%7B%7D",
        "[]",
        "'%20OR%201=1--",
        "..%2f..",
        "MAYBE",
        "active",
        "%F0%9F%92%A9",
        new string('9', 400),
        new string('a', 4_000),
    ];

    private static readonly string[] BadTypes =
    [
        "text/plain",
        "application/xml",
        "multipart/form-data; boundary=x",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-7",
        "application/json; charset=\"",
        "application/jsonx",
        "/",
        "text/csv; charset=utf-16",
        "application/x-ndjson; charset=latin1",
        "a/b; c=\"d",
        "",
    ];

    private static readonly string[] BadMethods =
    [
        "HEAD",
        "OPTIONS",
        "TRACE",
        "PATCH",
        "PUT",
        "DELETE",
        "POST",
        "GET",
        "BREW",
        "get",
        "PROPFIND",
    ];

    private static readonly string[] Lines =
    [
        "\"",
        "a,b,c",
        "\"a\"b\"",
        ",,,,",
        "x@example.com,\"",
        "not-an-address",
        "{\"recipient\":{\"email\":7}}",
        "{\"recipient\"",
        "[]",
        "null",
        "{}",
        "{\"recipient\":{\"email\":\"a@example.com\"},\"variables\":{\"a\":1e999}}",
        "{\"recipient\":{\"email\":\"a@example.com\"},\"startAt\":\"x\"}",
        "\0\0\0",
        "email,email",
        "name",
        "a\tb",
        ";;;",
        "=1+1,@x",
    ];

    /// <summary>The next malformed request of an operation.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="id">A valid id for its path.</param>
    /// <param name="migration">The id of a migration.</param>
    public Attempt Of(Operation operation, string id, string migration)
    {
        operation = operation with
        {
            Path = operation
                .Path.Replace("{migrationId}", migration, StringComparison.Ordinal)
                .Replace("{version}", Any("2", "1", "2", "0", "-1", "99999999999", "x"), StringComparison.Ordinal),
        };
        var path = operation.WithId(id);
        var body = operation.Example is { } example
            ? Encoding.UTF8.GetBytes(example.Replace("0195f1c2-8b21-7e4f-8d5c-6a7b8c9d0e1f", id))
            : null;
        var good = new Attempt(operation.Id, "", operation.Method, path, operation.Type, body);
        return random.Next(10) switch
        {
            0 when operation.HasId => good with
            {
                What = "bad id",
                Url = operation.WithId(Any(BadIds).Replace("{0}", id, StringComparison.Ordinal)),
            },
            1 when Any(BadMethods) is var method && method != operation.Method => good with { What = "another method", Method = method },
            2 when body is not null => good with { What = "another content type", Type = Any(BadTypes) },
            3 => good with
            {
                What = "bad headers",
                Headers = [.. Headers()],
                Body = body is null ? null : BadJson.Bytes(body, random).Body,
            },
            4 or 5 when operation.Query.Length > 0 => Query(good, operation),
            4 => Query(good, operation) with { Url = $"{path}/{Any(BadIds).Replace("{0}", id, StringComparison.Ordinal)}" },
            5 when random.Next(40) == 0 => good with
            {
                What = "oversized",
                Type = operation.Type ?? "application/json",
                Body = Oversized(),
            },
            _ when body is not null => Body(good, operation),
            _ when operation.Query.Length > 0 => Query(good, operation),
            _ => good with
            {
                What = "beside the path",
                Url = $"{path}{Any((string[])["/", "//", "/%2e%2e", ";a=b", "%20", "/x", "%00"])}{random.Next(10)}",
            },
        };
    }

    private Attempt Body(Attempt good, Operation operation)
    {
        if (operation.Type != "application/json")
        {
            var lines = Enumerable.Range(0, random.Next(1, 6)).Select(_ => Any(Lines));
            var header = random.Next(2) == 0 && operation.Type == "text/csv" ? "email,name\r\n" : "";
            var text = Encoding.UTF8.GetBytes(header + string.Join(Any((string[])["\n", "\r\n", "\r"]), lines));
            return good with { What = "bad rows", Body = random.Next(2) == 0 ? text : BadJson.Bytes(text, random).Body };
        }

        var (what, body) = BadJson.Of(Encoding.UTF8.GetString(good.Body!), random);
        return good with { What = what, Body = body };
    }

    private Attempt Query(Attempt good, Operation operation)
    {
        var name = operation.Query.Length > 0 ? Any(operation.Query) : "limit";
        var value = name == "cursor" || random.Next(5) == 0 ? Cursor() : Any(BadValues);
        var twice = random.Next(6) == 0 ? $"&{name}={Any(BadValues)}" : "";
        return good with { What = "bad query", Url = $"{good.Url}?{name}={value}{twice}" };
    }

    /// <summary>An invalid cursor in the form of a valid one.</summary>
    private string Cursor()
    {
        string[] parts =
        [
            "",
            "0",
            "-1",
            "99999999999999999999",
            "3155378975999999999",
            "x",
            "\0",
            "2147483648",
            Guid.Empty.ToString(),
            "|",
            "\uffff",
        ];
        var text = string.Join('|', Enumerable.Range(0, random.Next(1, 5)).Select(_ => Any(parts)));
        return random.Next(3) == 0
            ? Uri.EscapeDataString(text)
            : Convert.ToBase64String(Encoding.UTF8.GetBytes(text)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
    }

    private IEnumerable<(string, string)> Headers()
    {
        yield return Any(
            ("Idempotency-Key", ""),
            ("Idempotency-Key", new string('k', 300)),
            ("Idempotency-Key", "a\tb"),
            ("Idempotency-Key", "\u00fc"),
            ("If-Match", "\""),
            ("If-Match", "\"99999999999999999999\""),
            ("If-Match", "W/\"1\""),
            ("If-Match", "\"1\",,\"x\","),
            ("If-Match", new string('"', 2_000)),
            ("Accept", "text/csv;q=x, */*;q=9"),
            ("Accept", "\u00ff/\u00fe"),
            ("Authorization", "Bearer \u00ff"),
            ("X-Api-Key", "fu_" + new string('x', 8_000)),
            ("X-HTTP-Method-Override", "DELETE"),
            ("Content-Encoding", "gzip"),
            ("Range", "bytes=0-999999999999999999999"),
            ("Cookie", new string('=', 4_000)),
            ("X-Forwarded-For", "'; DROP TABLE instance; --"),
            ("Origin", "null"),
            ("traceparent", "00-zz-zz-01")
        );
    }

    private byte[] Oversized()
    {
        var body = new byte[1024 * 1024 + 1 + random.Next(1000)];
        Array.Fill(body, (byte)' ');
        return body;
    }

    private T Any<T>(params T[] values) => values[random.Next(values.Length)];
}
