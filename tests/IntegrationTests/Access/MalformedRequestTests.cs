using System.Globalization;
using System.Text.Json.Nodes;
using Xunit.Abstractions;

namespace FollowUp.IntegrationTests.Access;

/// <summary>
/// Thousands of malformed requests, generated from the OpenAPI document by a fixed seed. <c>FOLLOWUP_MALFORMED_COUNT</c> and
/// <c>FOLLOWUP_MALFORMED_SEED</c> change number and seed; a failure names the request.
/// </summary>
public sealed class MalformedRequestTests(AccessProgram program, ITestOutputHelper output) : IClassFixture<AccessProgram>
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);
    private readonly Dictionary<string, (int Refused, int Accepted, int Reached)> _seen = [];
    private readonly string _token = program.Issuer.Token("mallory", expiresIn: 36_000);
    private string _sandboxKey = "";

    [Fact]
    public async Task Malformed_requests_get_problem_details_and_store_nothing()
    {
        var (count, seed) = (Setting("FOLLOWUP_MALFORMED_COUNT", 4_000), Setting("FOLLOWUP_MALFORMED_SEED", 20_261_125));
        var client = program.With("Authorization", $"Bearer {_token}");
        (await client.Get("/api/me")).ShouldBe(200);
        _sandboxKey = (await client.Post("/api/keys", """{"name":"box","kind":"sandbox"}""")).ShouldBe(201).Json["key"]!.ToString();
        var operations = Operation.Of(JsonNode.Parse(await program.Http.GetStringAsync("/openapi/v1.json"))!);
        var requests = new BadRequests(new Random(seed));
        var own = await OwnedRows.Of(client);
        var mark = await program.Changes();

        for (var i = 0; i < count; i++)
        {
            var operation = operations[i % operations.Count];
            var attempt = requests.Of(operation, own[Kind(operation)], own["migration"]);
            var number = i;
            string Said() => $"request {number} of seed {seed}: {attempt}";

            var status = await Send(attempt, Said);

            var reached = status is not (401 or 404 or 405 or 415);
            var (refused, accepted, got) = _seen.GetValueOrDefault(operation.Id);
            _seen[operation.Id] = (refused + (status >= 400 ? 1 : 0), accepted + (status < 400 ? 1 : 0), got + (reached ? 1 : 0));
            var changes = attempt.Method is "GET" or "HEAD" ? mark : await program.Changes();
            if (status >= 400)
            {
                Must(
                    changes == mark,
                    Said,
                    $"was answered {status} and changed {(changes == mark ? "" : await program.ChangesSince(mark))}"
                );
            }
            else if (attempt.Method == "DELETE")
            {
                // The request was valid and may have deleted rows that the next ones need. A user has at most 100 keys.
                await program.Database.Execute("UPDATE api_key SET revoked_at = now() WHERE name = 'k' AND revoked_at IS NULL");
                own = await OwnedRows.Of(client);
                changes = await program.Changes();
            }

            mark = changes;
        }

        var (bad, good) = (_seen.Values.Sum(s => s.Refused), _seen.Values.Sum(s => s.Accepted));
        output.WriteLine($"{bad} refused, {good} accepted, seed {seed}");
        foreach (var (operation, seen) in _seen)
        {
            output.WriteLine($"  {operation}: {seen.Refused} refused, {seen.Accepted} accepted, {seen.Reached} reached its handler");
        }

        (bad + good).ShouldBe(count);
        bad.ShouldBeGreaterThan(count * 8 / 10);
        _seen.Keys.ShouldBe(operations.Select(o => o.Id).Distinct(), ignoreOrder: true);
        // A forged link would end at the page for invalid links.
        var links = operations.Where(o => o.Path.StartsWith("/u/", StringComparison.Ordinal)).Select(o => o.Id);
        _seen
            .Where(s => s.Value.Reached == 0)
            .Select(s => s.Key)
            .Except(links)
            .ShouldBeEmpty("no request got as far as these operations' handlers");
        (await program.Http.GetAsync("/health/ready")).IsSuccessStatusCode.ShouldBeTrue();
    }

    /// <summary>Sends it, and checks the form of an error.</summary>
    private async Task<int> Send(Attempt attempt, Func<string> said, bool again = false)
    {
        using var request = new HttpRequestMessage(
            new HttpMethod(attempt.Method),
            new Uri(
                $"{program.Address.GetLeftPart(UriPartial.Authority)}{attempt.Url}",
                new UriCreationOptions { DangerousDisablePathAndQueryCanonicalization = true }
            )
        );
        foreach (var (name, value) in attempt.Headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (!request.Headers.NonValidated.Contains("Authorization"))
        {
            var isInSandbox = attempt.Operation.Contains("Sandbox", StringComparison.Ordinal);
            request.Headers.TryAddWithoutValidation(
                isInSandbox ? "X-Api-Key" : "Authorization",
                isInSandbox ? _sandboxKey : $"Bearer {_token}"
            );
        }

        if (attempt.Body is { } body && attempt.Method is not "TRACE")
        {
            request.Content = new ByteArrayContent(body);
            request.Content.Headers.TryAddWithoutValidation("Content-Type", attempt.Type);
        }

        using var patience = new CancellationTokenSource(Patience);
        HttpResponseMessage response;
        try
        {
            response = await program.Disconnecting.SendAsync(request, patience.Token);
        }
        catch (HttpRequestException lost)
            when (!again && (lost.HttpRequestError is HttpRequestError.ResponseEnded || lost.InnerException is IOException))
        {
            // The server closes a connection after it rejected a request without reading its body; the client may have just taken that connection.
            return await Send(attempt, said, again: true);
        }
        catch (HttpRequestException lost) when (attempt.What == "oversized" && lost.InnerException is IOException)
        {
            // The server does not read a body that no route reads: it closes the connection, and the answer may be lost with it.
            return 413;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"No answer to {said()}");
        }

        using (response)
        {
            var (status, text) = ((int)response.StatusCode, await response.Content.ReadAsStringAsync(patience.Token));
            Must(status < 500, said, $"was answered {status} {text}");
            if (
                status == 404
                && attempt.Url.StartsWith("/u/", StringComparison.Ordinal)
                && text.StartsWith("<!doctype", StringComparison.Ordinal)
            )
            {
                CheckPage(response, text, said);
            }
            else if (status >= 400 && attempt.Method != "HEAD" && response.Headers.ConnectionClose != true)
            {
                CheckForm(response, status, text, said);
            }

            return status;
        }
    }

    /// <summary>Unsubscribe links respond with pages, not with problem details.</summary>
    private static void CheckPage(HttpResponseMessage response, string text, Func<string> said)
    {
        Must(response.Content.Headers.ContentType?.MediaType == "text/html", said, text);
        Must(response.Headers.Contains("X-Content-Type-Options"), said, "has no security headers");
        Must(
            text.Contains("This link does not work", StringComparison.Ordinal) && !text.Contains("<form", StringComparison.Ordinal),
            said,
            text
        );
    }

    private static void CheckForm(HttpResponseMessage response, int status, string text, Func<string> said)
    {
        Must(
            response.Content.Headers.ContentType?.MediaType == "application/problem+json",
            said,
            $"has no problem details: {status} {text}"
        );
        var problem = JsonNode.Parse(text)!.AsObject();
        Must(problem["status"]!.GetValue<int>() == status, said, $"has another status within: {status} {text}");
        foreach (var field in (string[])["type", "title", "detail", "code", "traceId"])
        {
            Must(!string.IsNullOrEmpty(problem[field]?.ToString()), said, $"has no {field}: {text}");
        }

        if (problem["code"]!.ToString() == "validation")
        {
            Must(
                status == 400 && problem["errors"] is JsonObject { Count: > 0 } e && e.All(error => error.Value!.AsArray().Count > 0),
                said,
                text
            );
        }

        Must(response.Headers.Contains("X-Content-Type-Options"), said, "has no security headers");
        Must(!text.Contains(" at FollowUp.", StringComparison.Ordinal), said, text);
    }

    private static void Must(bool holds, Func<string> request, string complaint)
    {
        if (!holds)
        {
            throw new Xunit.Sdk.XunitException($"{request()}\n{complaint}");
        }
    }

    private static string Kind(Operation operation) =>
        operation.Path.StartsWith("/api/instances", StringComparison.Ordinal) ? "instance"
        : operation.Path.StartsWith("/api/keys", StringComparison.Ordinal) ? "key"
        : operation.Path.StartsWith("/api/calendars", StringComparison.Ordinal) ? "calendar"
        : "sequence";

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), CultureInfo.InvariantCulture, out var value) ? value : otherwise;
}
