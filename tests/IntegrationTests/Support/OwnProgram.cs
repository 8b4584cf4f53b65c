using FollowUp.Application.Delivery;
using FollowUp.Domain.Accounts;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.Testing.Fakes;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Support;

/// <summary>The whole program on a local port, for one test with special settings. It executes no steps unless configured to.</summary>
public sealed class OwnProgram : IAsyncDisposable
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
        Http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
        {
            BaseAddress = _factory.ClientOptions.BaseAddress,
        };
    }

    public HttpClient Http { get; }

    public IServiceProvider Services => _factory.Services;

    /// <summary>A caller without a credential.</summary>
    public Client Anonymous => With("X-None", "x");

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

    /// <summary>A user with a development token.</summary>
    public async Task<Client> As(string subject)
    {
        var answer = await Anonymous.Post("/dev/token", $$"""{"subject":"{{subject}}"}""");
        return With("Authorization", $"Bearer {answer.ShouldBe(200).Json["token"]}");
    }

    /// <summary>The headers of a write by a page of this program.</summary>
    public (string, string)[] SameSite => [("X-FollowUp", "1"), ("Origin", Http.BaseAddress!.GetLeftPart(UriPartial.Authority))];

    /// <summary>A signed-in browser.</summary>
    public async Task<Client> Session(string path, string json) =>
        With("Cookie", (await Anonymous.Post(path, json)).ShouldBe(204).Headers.GetValues("Set-Cookie").Single().Split(';')[0]);

    /// <summary>The path of the unsubscribe link in a mail of a user's sequence, or in a preview of it.</summary>
    public async Task<string> LinkOf(Client user, string email = "anna@example.com", bool isTrial = false, Guid? instance = null)
    {
        var owner = new OwnerId(Guid.Parse((await user.Get("/api/me")).ShouldBe(200).Json["id"]!.ToString()));
        var recipient = new Recipient(EmailAddress.Parse(email)!.Value, null, null, null);
        var reader = new StepReader(owner, new InstanceId(instance ?? Guid.NewGuid()), recipient, "{}", null, "Offer", null)
        {
            IsTrial = isTrial,
        };
        var link = await Services.GetRequiredService<IUnsubscribeLinks>().For(reader, CancellationToken.None);
        return new Uri(link!).AbsolutePath;
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        await _factory.DisposeAsync();
        Directory.Delete(_data, recursive: true);
    }

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
