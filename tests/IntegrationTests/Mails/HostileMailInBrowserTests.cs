using System.Collections.Concurrent;
using System.Text.Json;
using FollowUp.IntegrationTests.Support;
using FollowUp.UnitTests.Templates;

namespace FollowUp.IntegrationTests.Mails;

/// <summary>A browser with scripts enabled renders cleaned attacks: nothing runs, and nothing is loaded without TLS.</summary>
public sealed class HostileMailInBrowserTests(TestProgram program, MailBrowser browser) : ApiTest(program), IClassFixture<MailBrowser>
{
    [Fact]
    public async Task A_cleaned_hostile_mail_runs_no_script_and_loads_only_https()
    {
        ConcurrentBag<string> asked = [];
        ConcurrentBag<string> ran = [];
        var page = await browser.Page(new(), asked.Add);
        page.Dialog += async (_, dialog) =>
        {
            ran.Add(dialog.Message);
            await dialog.DismissAsync();
        };

        foreach (var piece in HostilePieces.All)
        {
            var html = await Cleaned($"<p>x</p>{piece}");
            await page.SetContentAsync($"<!doctype html><table><tr><td>{html}");
            (
                ran.IsEmpty,
                asked.All(address =>
                    address.StartsWith("https:", StringComparison.Ordinal) || address.StartsWith("data:image/", StringComparison.Ordinal)
                )
            ).ShouldBe((true, true), $"{piece}\n→ {html}\n{string.Join(' ', asked)}");
        }
    }

    [Fact]
    public async Task An_uncleaned_hostile_mail_runs_scripts_in_the_browser()
    {
        var ran = new TaskCompletionSource<string>();
        var page = await browser.Page(new());
        page.Dialog += async (_, dialog) =>
        {
            ran.TrySetResult(dialog.Message);
            await dialog.DismissAsync();
        };

        await page.SetContentAsync("<img src=x onerror=alert(1)>");

        (await ran.Task.WaitAsync(TimeSpan.FromSeconds(30))).ShouldBe("1");
    }

    private async Task<string> Cleaned(string html)
    {
        var step = $$"""{ "type": "EMAIL", "subject": "s", "body": {{JsonSerializer.Serialize(html)}} }""";
        var preview = await Alice.Post("/api/preview", $$"""{ "steps": [ {{step}} ], "recipient": { "email": "anna@example.com" } }""");
        return preview.ShouldBe(200).Json["steps"]![0]!["html"]!.ToString();
    }
}
