using System.Globalization;
using System.Text.Json.Nodes;
using FollowUp.Domain.Recipients;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

/// <summary>
/// The values and bounds in the OpenAPI document are those that the API enforces: the document comes from attributes, the refusals from
/// validators (ADR 112).
/// </summary>
public sealed class DocumentedRulesTests(TestProgram program) : ApiTest(program)
{
    /// <summary>Their requests need another credential, or none.</summary>
    private static readonly string[] Others = ["Sandbox", "Development", "Operator"];

    private readonly List<string> _differences = [];
    private JsonNode _document = new JsonObject();
    private int _refused;
    private int _accepted;

    [Fact]
    public async Task Query_parameters_have_the_documented_values()
    {
        foreach (var (method, path, operation) in await Operations())
        {
            foreach (var parameter in operation["parameters"]?.AsArray() ?? [])
            {
                var name = parameter!["name"]!.ToString();
                if (parameter["in"]!.ToString() == "query")
                {
                    var (wrong, right) = Values(parameter["schema"]!, example: null);
                    foreach (var (value, isWrong) in wrong.Select(value => (value, true)).Concat(right.Select(value => (value, false))))
                    {
                        var answer = await Alice.Send(method, $"{path}?{name}={value}", null, null);
                        Compare(answer, name, isWrong, $"{method} {path}?{name}={value}");
                    }
                }
            }
        }

        _differences.ShouldBeEmpty();
        _refused.ShouldBeGreaterThan(20);
        _accepted.ShouldBeGreaterThan(40);
    }

    [Fact]
    public async Task Fields_of_requests_have_the_documented_values()
    {
        foreach (var (method, path, operation) in await Operations())
        {
            if (operation["requestBody"]?["content"]?["application/json"] is { } json)
            {
                await CheckFields(
                    json["schema"]!,
                    json["example"]!,
                    json["example"]!,
                    "",
                    body => Alice.Send(method, path, body, "application/json")
                );
            }
        }

        _differences.ShouldBeEmpty();
        _refused.ShouldBeGreaterThan(20);
        _accepted.ShouldBeGreaterThan(20);
    }

    /// <summary>Sends the example of a request with one field changed at a time, in its objects at every depth.</summary>
    private async Task CheckFields(JsonNode schema, JsonNode whole, JsonNode part, string at, Func<string, Task<Answer>> send)
    {
        if (part is JsonArray items)
        {
            for (var i = 0; i < items.Count; i++)
            {
                await CheckFields(Resolve(schema, items[i])["items"] ?? schema, whole, items[i]!, $"{at}[{i}]", send);
            }

            return;
        }

        if (part is not JsonObject fields || Resolve(schema, part)["properties"] is not JsonObject properties)
        {
            return;
        }

        foreach (var (name, declared) in properties)
        {
            var present = fields[name]?.DeepClone();
            var had = fields.ContainsKey(name);
            var field = Resolve(declared!, present);
            var (wrong, right) = Values(field, present);
            // A field that the example does not have may not be allowed together with the others.
            foreach (var (value, isWrong) in wrong.Select(value => (value, true)).Concat(had ? right.Select(value => (value, false)) : []))
            {
                fields[name] = value.DeepClone();
                Compare(await send(whole.ToJsonString()), $"{at}.{name}".TrimStart('.'), isWrong, $"{at}.{name} = {value.ToJsonString()}");
            }

            fields.Remove(name);
            if (had)
            {
                fields[name] = present;
                if (present is not null)
                {
                    await CheckFields(declared!, whole, present, $"{at}.{name}".TrimStart('.'), send);
                }
            }
        }
    }

    private void Compare(Answer answer, string field, bool isWrong, string request)
    {
        var isRefused = (int)answer.Status == 400 && answer.Json["errors"]?.AsObject().ContainsKey(field) == true;
        _refused += isRefused ? 1 : 0;
        _accepted += (int)answer.Status < 300 ? 1 : 0;
        // A right value may meet a resource that does not exist or a state that does not allow the request, but no failure and no limit.
        if (isRefused != isWrong || (int)answer.Status is 429 or >= 500)
        {
            _differences.Add($"{request}: {(int)answer.Status} {answer.Text}");
        }
    }

    /// <summary>Values that a schema forbids, and values at its bounds.</summary>
    private static (List<JsonNode> Wrong, List<JsonNode> Right) Values(JsonNode schema, JsonNode? example)
    {
        var items = (example as JsonArray)?[0];
        List<JsonNode> wrong = [];
        List<JsonNode> right = [];
        if (schema["enum"] is JsonArray words)
        {
            wrong.Add("nonsense");
            right.AddRange(words.OfType<JsonNode>());
        }

        foreach (var (bound, step) in new[] { ("minimum", -1), ("maximum", 1) })
        {
            if (schema[bound] is { } limit)
            {
                var number = decimal.Parse(limit.ToString(), CultureInfo.InvariantCulture);
                wrong.Add(number + step);
                right.Add(number);
            }
        }

        // Bounds do not say what a text with a format consists of.
        var isText = schema["pattern"] is null && schema["format"] is null && schema["enum"] is null;
        var isAddress = example is JsonValue && example.ToString().Contains('@', StringComparison.Ordinal);
        if (schema["minLength"] is { } shortest)
        {
            wrong.Add("");
            if (isText && !isAddress)
            {
                right.Add(new string('a', shortest.GetValue<int>()));
            }
        }

        if (schema["maxLength"] is { } longest)
        {
            wrong.Add(new string('a', longest.GetValue<int>() + 1));
            if (isText)
            {
                right.Add(isAddress ? Address(longest.GetValue<int>()) : new string('a', longest.GetValue<int>()));
            }
        }

        if (schema["pattern"] is not null)
        {
            wrong.Add("ä ö");
        }

        if (schema["minItems"] is { } least)
        {
            wrong.Add(new JsonArray());
            if (items is not null)
            {
                right.Add(Repeated(least.GetValue<int>()));
            }
        }

        if (schema["maxItems"] is { } most && items is not null)
        {
            wrong.Add(Repeated(most.GetValue<int>() + 1));
            right.Add(Repeated(most.GetValue<int>()));
        }

        return (wrong, right);

        JsonArray Repeated(int times) => new([.. Enumerable.Range(0, times).Select(_ => items.DeepClone())]);
    }

    /// <summary>
    /// An input of a length that is an address. The address is at most as long as it may be, and so are its parts; blanks before it are removed.
    /// </summary>
    private static string Address(int length)
    {
        var domain = string.Join('.', Enumerable.Repeat(new string('b', 63), 3));
        var local = new string('a', Math.Min(length, EmailAddress.Longest) - domain.Length - 1);
        return $"{local}@{domain}".PadLeft(length);
    }

    /// <summary>The operations, with their path filled in. Each gets a new sequence, because some requests disable theirs.</summary>
    private async Task<List<(HttpMethod Method, string Path, JsonNode Operation)>> Operations()
    {
        _document = JsonNode.Parse(await Anonymous.GetStringAsync("/openapi/v1.json"))!;
        List<(HttpMethod, string, JsonNode)> operations = [];
        foreach (var (path, methods) in _document["paths"]!.AsObject())
        {
            foreach (var (method, operation) in methods!.AsObject())
            {
                if (!Others.Contains(operation!["tags"]![0]!.ToString()))
                {
                    operations.Add((HttpMethod.Parse(method), await Filled(path), operation));
                }
            }
        }

        return operations;
    }

    private async Task<string> Filled(string path) =>
        path.Replace(
                "/api/sequences/{id}",
                path.Contains("/sequences/{id}", StringComparison.Ordinal) ? await Alice.Sequence(MinimalSequence) : "",
                StringComparison.Ordinal
            )
            .Replace("{id}", Guid.NewGuid().ToString(), StringComparison.Ordinal)
            .Replace("{version}", "1", StringComparison.Ordinal)
            .Replace("{calendar}", "none", StringComparison.Ordinal);

    /// <summary>The schema behind references, unions with null, and the type of a step.</summary>
    private JsonNode Resolve(JsonNode schema, JsonNode? value)
    {
        while (true)
        {
            if (schema["$ref"] is { } reference)
            {
                schema = _document["components"]!["schemas"]![reference.ToString().Split('/')[^1]]!;
            }
            else if (schema["discriminator"]?["mapping"] is { } kinds)
            {
                schema = _document["components"]!["schemas"]![kinds[value!["type"]!.ToString()]!.ToString().Split('/')[^1]]!;
            }
            else if (schema["oneOf"] is JsonArray { Count: 2 } or && or[0]!["type"]?.ToString() == "null")
            {
                schema = or[1]!;
            }
            else
            {
                return schema;
            }
        }
    }
}
