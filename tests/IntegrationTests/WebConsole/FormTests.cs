using System.Text;
using Microsoft.Playwright;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>Forms send what they show, once.</summary>
public sealed class FormTests(ConsoleProgram program) : ConsoleTest(program), IClassFixture<ConsoleProgram>
{
    [Fact]
    public async Task A_limit_with_a_separator_is_a_thousand_and_is_saved_once()
    {
        var page = await SignedIn();
        await page.GotoAsync("/settings/limits");
        var saved = 0;
        page.Request += (_, request) => saved += request.Method == "PUT" ? 1 : 0;
        var field = page.GetByRole(AriaRole.Textbox, new() { Name = "Emails per day" });
        await field.PressSequentiallyAsync("1,000");
        await field.PressAsync("Enter");
        await field.BlurAsync();
        await page.GetByText("Limits saved.").WaitForAsync();

        await Assertions.Expect(field).ToHaveValueAsync("1,000");
        (await Alice.Get("/api/limits")).Json["mailsPerDay"]!.ToString().ShouldBe("1000");
        saved.ShouldBe(1);
    }

    [Fact]
    public async Task The_search_field_is_empty_after_the_filter_is_cleared()
    {
        var page = await SignedIn();
        await page.GotoAsync("/people");
        var search = page.GetByRole(AriaRole.Textbox, new() { Name = "Name or email" });
        await search.FillAsync("Zoe");
        await page.GetByRole(AriaRole.Button, new() { Name = "Clear the filter" }).ClickAsync();

        await Assertions.Expect(search).ToHaveValueAsync("");
        await Assertions.Expect(page.GetByText("Anna Schmidt")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_dry_run_for_one_sequence_does_not_allow_an_import_into_another()
    {
        (await Alice.Post("/api/sequences", """{"name":"Other","steps":[{"type":"SMS","message":"Hi"}]}""")).ShouldBe(201);
        var page = await SignedIn();
        await page.GotoAsync("/enrol?file=true");
        await Choose(page, "Offer follow-up");
        await page.Locator("input[type=file]")
            .SetInputFilesAsync(
                new FilePayload
                {
                    Name = "people.csv",
                    MimeType = "text/csv",
                    Buffer = Encoding.UTF8.GetBytes("email,offer.address\nkim@example.com,Lindenstraße 12\n"),
                }
            );
        await page.GetByRole(AriaRole.Button, new() { Name = "Check the file" }).ClickAsync();
        var import = page.GetByRole(AriaRole.Button, new() { Name = "Enrol 1 person" });
        await import.WaitForAsync();

        await Choose(page, "Other");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Enrol people in Other." })).ToBeVisibleAsync();
        await Assertions.Expect(import).ToHaveCountAsync(0);
    }

    private static async Task Choose(IPage page, string sequence)
    {
        await page.GetByRole(AriaRole.Combobox, new() { Name = "Sequence" }).ClickAsync();
        await page.GetByRole(AriaRole.Option, new() { Name = sequence }).ClickAsync();
    }
}
