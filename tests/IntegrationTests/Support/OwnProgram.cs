using System.Text.RegularExpressions;
using FollowUp.Testing.Fakes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;

namespace FollowUp.IntegrationTests.Support;

/// <summary>The whole program on a port of this machine, for one test that needs settings of its own. It carries out no steps unless told to.</summary>
public sealed partial class OwnProgram : IAsyncDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("followup-own-").FullName;
    private readonly Factory _factory;

    private OwnProgram(TestDatabase database, string environment, (string Key, string Value)[] settings)
    {
        Dictionary<string, string> all = new()
        {
            ["ConnectionStrings:FollowUp"] = database.ConnectionString,
            ["DataPath"] = _data,
            ["Email:Provider"] = "drop",
            ["Email:From"] = "sales@followup.example",
            ["Role"] = "api",
        };
        foreach (var (key, value) in settings)
        {
            all[key] = value;
        }

        _factory = new Factory(environment, all);
        _factory.UseKestrel(0);
        _factory.StartServer();
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false }) { BaseAddress = _factory.ClientOptions.BaseAddress };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _factory.Services;

    /// <summary>A caller without a credential.</summary>
    public Client Stranger => With("X-None", "x");

    public static Task<OwnProgram> Start(TestDatabase database, params (string Key, string Value)[] settings) =>
        StartIn("Development", database, settings);

    /// <summary>In Production, with a real issuer.</summary>
    public static Task<OwnProgram> Start(TestDatabase database, FakeIssuer issuer, params (string Key, string Value)[] settings) =>
        StartIn(
            "Production",
            database,
            [("Authentication:Authority", issuer.Url), ("Authentication:Audience", FakeIssuer.Audience), .. settings]
        );

    public static async Task<OwnProgram> StartIn(string environment, TestDatabase database, params (string Key, string Value)[] settings)
    {
        var program = new OwnProgram(database, environment, settings);
        await Eventually.Holds(async () => (await program.Http.GetAsync("/health/ready")).IsSuccessStatusCode, "the program is ready");
        return program;
    }

    public Client With(string header, string value) => new(Http, (header, value));

    /// <summary>A user with a token for trying out.</summary>
    public async Task<Client> As(string subject)
    {
        var answer = await Stranger.Post("/dev/token", $$"""{"subject":"{{subject}}"}""");
        return With("Authorization", $"Bearer {answer.ShouldBe(200).Json["token"]}");
    }

    /// <summary>The path of a genuine link, from a preview: it changes nothing.</summary>
    public static async Task<string> LinkOf(Client client)
    {
        var preview = await client.Post(
            "/api/preview",
            """{"steps":[{"type":"EMAIL","subject":"s","body":"<p>{{ unsubscribeUrl }}</p>"}],"recipient":{"email":"anna@example.com"}}"""
        );
        return Link().Match(preview.ShouldBe(200).Text).Value;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _factory.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

    [GeneratedRegex("/u/[A-Za-z0-9_-]+")]
    private static partial Regex Link();

    private sealed class Factory(string environment, Dictionary<string, string> settings) : WebApplicationFactory<Program>
    {
        protected override void ConfigureWebHost(IWebHostBuilder builder)
        {
            builder.UseEnvironment(environment);
            foreach (var (key, value) in settings)
            {
                builder.UseSetting(key, value);
            }
        }
    }
}
