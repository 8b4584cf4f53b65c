using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Support;

/// <summary>A database, an issuer, and programs that the tests of a class share by their settings: starting a program takes a second.</summary>
public sealed class SharedPrograms : IAsyncLifetime
{
    private readonly Dictionary<string, OwnProgram> _programs = [];

    public TestDatabase Database { get; } = new();

    public FakeIssuer Issuer { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        await Database.InitializeAsync();
        Issuer = await FakeIssuer.Start();
    }

    public async Task DisposeAsync()
    {
        foreach (var program in _programs.Values)
        {
            await program.DisposeAsync();
        }

        await Issuer.DisposeAsync();
        await Database.DisposeAsync();
    }

    /// <summary>The program in Development without an issuer.</summary>
    public Task<OwnProgram> Development() => Get("", () => OwnProgram.Start(Database));

    /// <summary>The program with the issuer and these settings.</summary>
    public Task<OwnProgram> WithIssuer(params (string Key, string Value)[] settings) =>
        Get($"issuer {string.Join(' ', settings)}", () => OwnProgram.Start(Database, Issuer, settings));

    private async Task<OwnProgram> Get(string name, Func<Task<OwnProgram>> start) =>
        _programs.TryGetValue(name, out var running) ? running : _programs[name] = await start();
}
