using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using FollowUp.Testing.Fakes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace FollowUp.IntegrationTests.Support;

/// <summary>The whole program on a local port, shared by the tests of a class.</summary>
public class TestProgram : IAsyncLifetime
{
    private readonly string _data = Directory.CreateTempSubdirectory("followup-api-").FullName;
    private Factory? _factory;

    public TestDatabase Database { get; } = new();

    public FakeSendGrid SendGrid { get; private set; } = null!;

    public HttpClient Http { get; private set; } = null!;

    /// <summary>Additional or overriding settings.</summary>
    protected virtual IReadOnlyDictionary<string, string> Settings => new Dictionary<string, string>();

    public async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        SendGrid = await FakeSendGrid.Start();
        Dictionary<string, string> all = new()
        {
            ["ConnectionStrings:FollowUp"] = Database.ConnectionString,
            ["DataPath"] = _data,
            ["Email:Provider"] = "sendgrid",
            ["Email:From"] = "sales@followup.example",
            ["SendGrid:ApiKey"] = SendGrid.ApiKey,
            ["SendGrid:BaseUrl"] = SendGrid.Url,
            ["Dispatcher:PollInterval"] = "50ms",
            ["Retry:Jitter"] = "0",
            ["Sandbox:StepsPerCall"] = "40",
            ["RateLimit:PerSecond"] = "10000",
            ["RateLimit:Burst"] = "100000",
            ["Cors:Origins"] = "https://app.example.com",
        };
        foreach (var (key, value) in Settings)
        {
            all[key] = value;
        }

        _factory = new Factory(all);
        _factory.UseKestrel(0);
        _factory.StartServer();
        Http = new HttpClient { BaseAddress = _factory.ClientOptions.BaseAddress };
        await Eventually.Holds(async () => (await Http.GetAsync("/health/ready")).IsSuccessStatusCode, "the program is ready");
    }

    public async Task DisposeAsync()
    {
        Http.Dispose();
        await _factory!.DisposeAsync();
        await SendGrid.DisposeAsync();
        await Database.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    private sealed class Factory(Dictionary<string, string> settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment("Development");
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }
        }
    }
}

/// <summary>A test of the API over HTTP, with an emptied database.</summary>
public abstract class ApiTest(TestProgram program) : IClassFixture<TestProgram>, IAsyncLifetime
{
    protected const string MinimalSequence = """{"name":"Offer","steps":[{"type":"WAIT","delayDays":3},{"type":"EMAIL"}]}""";

    protected TestDatabase Database => program.Database;

    protected FakeSendGrid SendGrid => program.SendGrid;

    protected HttpClient Anonymous => program.Http;

    protected Client Alice { get; private set; } = null!;

    protected Client Bob { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        // Users stay: the program keeps their ids in memory.
        await Database.Execute(
            "DELETE FROM sequence; DELETE FROM calendar; DELETE FROM send_limit; DELETE FROM suppression; DELETE FROM audit_entry; DELETE FROM api_key; DELETE FROM idempotency_key;"
        );
        SendGrid.Default = new HttpAnswer.Accept();
        Alice = await As("alice");
        Bob = await As("bob");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    protected async Task<Client> As(string subject)
    {
        var answer = await program.Http.PostAsJsonAsync("/dev/token", new { subject });
        var token = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["token"]!.ToString();
        return new Client(program.Http, ("Authorization", $"Bearer {token}"));
    }

    protected Client WithKey(string key) => new(program.Http, ("X-Api-Key", key));
}

/// <summary>An HTTP answer with its body read.</summary>
public sealed record Answer(HttpStatusCode Status, HttpResponseHeaders Headers, string? ContentType, string Text)
{
    public JsonNode Json => JsonNode.Parse(Text)!;

    public string Id => Json["id"]!.ToString();

    public string Code => Json["code"]!.ToString();

    /// <summary>The fields that a 400 names.</summary>
    public string[] Fields => [.. Json["errors"]!.AsObject().Select(e => e.Key)];

    public Answer ShouldBe(int status)
    {
        ((int)Status).ShouldBe(status, Text);
        if (status >= 400)
        {
            ContentType.ShouldBe("application/problem+json");
            Json["status"]!.GetValue<int>().ShouldBe(status);
            Json["code"].ShouldNotBeNull();
        }

        return this;
    }
}

/// <summary>A caller of the API.</summary>
public sealed class Client(HttpClient http, (string Name, string Value) credential)
{
    public Task<Answer> Get(string path, params (string, string)[] headers) => Send(HttpMethod.Get, path, null, null, headers);

    public Task<Answer> Post(string path, string? json = null, params (string, string)[] headers) =>
        Send(HttpMethod.Post, path, json, "application/json", headers);

    public Task<Answer> Put(string path, string json, params (string, string)[] headers) =>
        Send(HttpMethod.Put, path, json, "application/json", headers);

    public Task<Answer> Patch(string path, string json) => Send(HttpMethod.Patch, path, json, "application/json");

    public Task<Answer> Delete(string path, params (string, string)[] headers) => Send(HttpMethod.Delete, path, null, null, headers);

    /// <summary>The header with the caller's credential.</summary>
    public (string Name, string Value) Credential => credential;

    public async Task<Answer> Send(HttpMethod method, string path, string? body, string? type, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Add(credential.Name, credential.Value);
        foreach (var (name, value) in headers)
        {
            request.Headers.TryAddWithoutValidation(name, value);
        }

        if (body is not null)
        {
            request.Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body));
            request.Content.Headers.TryAddWithoutValidation("Content-Type", type);
        }

        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        var content = response.Content.Headers.ContentType?.MediaType;
        // A stream of events does not end.
        var text = content == "text/event-stream" ? "" : await response.Content.ReadAsStringAsync();
        return new(response.StatusCode, response.Headers, content, text);
    }

    /// <summary>Creates a sequence and returns its path.</summary>
    public async Task<string> Sequence(string json) => $"/api/sequences/{(await Post("/api/sequences", json)).ShouldBe(201).Id}";

    /// <summary>Enrols a recipient and returns the instance's id.</summary>
    public async Task<string> Enroll(string sequence, string email = "anna@example.com") =>
        (await Post($"{sequence}/instances", JsonSerializer.Serialize(new { recipient = new { email, name = "Anna Schmidt" } })))
            .ShouldBe(201)
            .Id;
}
