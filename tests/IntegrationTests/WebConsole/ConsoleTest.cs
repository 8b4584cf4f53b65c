using System.Text.Json;
using FollowUp.IntegrationTests.Support;
using Microsoft.Playwright;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>A test of the console in a browser, against the program and its database, with a sequence and three people.</summary>
public abstract class ConsoleTest(ConsoleProgram program) : ApiTest(program), IAsyncLifetime
{
    private const string Offer = """
        {"name":"Offer follow-up","description":"after an offer was sent","steps":[
          {"type":"WAIT","delayDays":3},
          {"type":"EMAIL","subject":"Your offer on {{ offer.address }}","body":"<p>Hi {{ recipient.firstName | default: \"there\" }}, <a href=\"{{ unsubscribeUrl }}\">unsubscribe</a></p>"},
          {"type":"SMS","message":"Still interested?"}]}
        """;

    /// <summary>The API key of Alice.</summary>
    protected string Key { get; private set; } = "";

    /// <summary>The sequence's path in the API.</summary>
    protected string Sequence { get; private set; } = "";

    /// <summary>The instance of Anna Schmidt, who waits for three days.</summary>
    protected string Anna { get; private set; } = "";

    async Task IAsyncLifetime.InitializeAsync()
    {
        await InitializeAsync();
        Sequence = await Alice.Sequence(Offer);
        Anna = await Enroll("Anna Schmidt", "anna@example.com");
        await Enroll("Ben Okafor", "ben@example.com");
        await Enroll("<img src=x onerror=alert(1)>", "hostile@example.com");
        Key = (await Alice.Post("/api/keys", """{"name":"console"}""")).ShouldBe(201).Json["key"]!.ToString();
    }

    /// <summary>A page of a browser that is signed in.</summary>
    protected async Task<IPage> SignedIn(int width = 1440, ColorScheme theme = ColorScheme.Light)
    {
        var page = await program.Page(width, theme);
        await SignIn(page, Key);
        return page;
    }

    protected static async Task SignIn(IPage page, string key)
    {
        await page.GotoAsync("/signin");
        await page.GetByLabel("API key", new() { Exact = true }).FillAsync(key);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await page.GetByRole(AriaRole.Navigation, new() { Name = "Main", Exact = true })
            .Or(page.GetByRole(AriaRole.Navigation, new() { Name = "Main (phone)" }))
            .First.WaitForAsync();
    }

    /// <summary>Signs in as any subject, as Development allows: an API key never makes its user an operator.</summary>
    protected static async Task SignInAs(IPage page, string subject)
    {
        await page.GotoAsync("/signin");
        await page.EvaluateAsync(
            """
            subject => fetch('/dev/session', {
              method: 'POST',
              headers: { 'Content-Type': 'application/json', 'X-FollowUp': '1' },
              body: JSON.stringify({ subject }),
            })
            """,
            subject
        );
        await page.GotoAsync("/");
    }

    private async Task<string> Enroll(string name, string email)
    {
        var body = JsonSerializer.Serialize(
            new { recipient = new { email, name }, variables = new { offer = new { address = "Lindenstraße 12" } } }
        );
        return (await Alice.Post($"{Sequence}/instances", body)).ShouldBe(201).Id;
    }
}
