using Microsoft.Playwright;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>What a user does first: sign in, find a person, read why nothing is sent yet, pause and resume.</summary>
public sealed class FirstLookTests(ConsoleProgram program) : ConsoleTest(program), IClassFixture<ConsoleProgram>
{
    private readonly ConsoleProgram _program = program;

    [Fact]
    public async Task Signing_in_with_a_key_leads_to_the_page_that_was_asked_for()
    {
        var page = await _program.Page();
        await page.GotoAsync("/people?status=ACTIVE");
        await page.GetByLabel("API key", new() { Exact = true }).FillAsync(Key);
        (await page.GetByText("Your session has expired").CountAsync()).ShouldBe(0);
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        await page.WaitForURLAsync("**/people?status=ACTIVE");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("3 people.");
        (await page.EvaluateAsync<int>("() => localStorage.length + sessionStorage.length + document.cookie.length")).ShouldBe(0);
    }

    [Fact]
    public async Task A_wrong_key_is_refused_in_words()
    {
        var page = await _program.Page();
        await page.GotoAsync("/signin");
        await page.GetByLabel("API key", new() { Exact = true }).FillAsync("fu_wrong");
        await page.GetByRole(AriaRole.Button, new() { Name = "Sign in", Exact = true }).ClickAsync();

        await Assertions.Expect(page.GetByText("This key is not valid.")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task Sequences_are_listed_with_their_people()
    {
        var page = await SignedIn();
        await page.GotoAsync("/sequences");

        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveTextAsync("The sequence is on.");
        var row = page.GetByRole(AriaRole.Row).Filter(new() { HasText = "Offer follow-up" });
        await Assertions.Expect(row.GetByRole(AriaRole.Cell).Nth(3)).ToHaveTextAsync("3");
    }

    [Fact]
    public async Task A_person_is_found_by_the_start_of_the_name_and_the_title_says_why_nothing_is_sent()
    {
        var page = await SignedIn();
        await page.Keyboard.PressAsync("Control+k");
        await page.GetByRole(AriaRole.Combobox).FillAsync("anna");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToContainTextAsync(["Anna Schmidt"]);
        await page.Keyboard.PressAsync("Enter");

        await page.WaitForURLAsync($"**/instances/{Anna}");
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToContainTextAsync("The next step is an email.");
        await Assertions.Expect(page.GetByRole(AriaRole.Region, new() { Name = "Timeline" }).GetByText("Enrolled")).ToBeVisibleAsync();
    }

    [Fact]
    public async Task A_person_is_paused_and_resumed()
    {
        var page = await SignedIn();
        await page.GotoAsync($"/instances/{Anna}");
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();

        var title = page.GetByRole(AriaRole.Heading, new() { Level = 1 });
        await Assertions.Expect(title).ToHaveTextAsync("Paused. Nothing is sent until you resume.");
        (await Alice.Get($"/api/instances/{Anna}")).Json["status"]!.ToString().ShouldBe("PAUSED");

        await page.GetByRole(AriaRole.Button, new() { Name = "Resume…" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Resume", Exact = true }).ClickAsync();

        await Assertions.Expect(title).ToContainTextAsync("Waiting until");
        (await Alice.Get($"/api/instances/{Anna}")).Json["status"]!.ToString().ShouldBe("ACTIVE");
    }

    [Fact]
    public async Task Names_are_shown_as_text()
    {
        var page = await SignedIn();
        var dialogs = 0;
        page.Dialog += async (_, dialog) =>
        {
            dialogs++;
            await dialog.DismissAsync();
        };
        await page.GotoAsync("/people");

        await Assertions.Expect(page.GetByText("<img src=x onerror=alert(1)>")).ToBeVisibleAsync();
        (await page.Locator("img[src=x]").CountAsync()).ShouldBe(0);
        dialogs.ShouldBe(0);
    }

    [Fact]
    public async Task All_people_of_a_filter_are_paused_after_a_dry_run()
    {
        var page = await SignedIn();
        await page.GotoAsync("/people?status=ACTIVE&tz=utc");
        await page.GetByRole(AriaRole.Checkbox, new() { Name = "Select Anna Schmidt" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Select all matching" }).ClickAsync();
        await page.GetByRole(AriaRole.Toolbar).GetByRole(AriaRole.Button, new() { Name = "Pause" }).ClickAsync();
        await page.GetByRole(AriaRole.Dialog).GetByRole(AriaRole.Button, new() { Name = "Pause 3 people" }).ClickAsync();

        await Assertions.Expect(page.GetByText("3 people changed.")).ToBeVisibleAsync();
        (await Alice.Get("/api/instances?status=PAUSED")).Json["items"]!.AsArray().Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_read_only_key_shows_no_button_that_writes()
    {
        var key = (await Alice.Post("/api/keys", """{"name":"reader","readOnly":true}""")).ShouldBe(201).Json["key"]!.ToString();
        var page = await _program.Page();
        await SignIn(page, key);
        await page.GotoAsync($"/instances/{Anna}");

        await Assertions.Expect(page.GetByText("Read-only")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Actions" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Signing_out_ends_the_session()
    {
        var page = await SignedIn();
        await page.GetByRole(AriaRole.Button, new() { Name = "FollowUp Production" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/signin");

        await page.GotoAsync("/people");

        await page.WaitForURLAsync("**/signin?returnTo=*");
    }
}
