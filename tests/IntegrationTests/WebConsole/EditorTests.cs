using Microsoft.Playwright;

namespace FollowUp.IntegrationTests.WebConsole;

/// <summary>Drafts: what the editor shows is what is published, and no change by another user is lost.</summary>
public sealed class EditorTests(ConsoleProgram program) : ConsoleTest(program), IClassFixture<ConsoleProgram>
{
    private const string ChangedMeanwhile = "The sequence was changed while you were editing.";

    [Fact]
    public async Task Undone_text_is_not_published()
    {
        var page = await Editing();
        await page.GetByLabel("Description (optional)").FillAsync("kept");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Undone");
        await page.GetByRole(AriaRole.Button, new() { Name = "Undo" }).ClickAsync();
        await Save(page);

        var sequence = (await Alice.Get(Sequence)).Json;
        sequence["name"]!.ToString().ShouldBe("Offer follow-up");
        sequence["description"]!.ToString().ShouldBe("kept");
    }

    [Fact]
    public async Task Control_Shift_Z_redoes_what_Control_Z_has_undone()
    {
        var page = await Editing();
        var name = page.GetByLabel("Name", new() { Exact = true });
        await name.FillAsync("Renamed");
        await name.PressAsync("Control+z");
        await Assertions.Expect(name).ToHaveValueAsync("Offer follow-up");
        await name.PressAsync("Control+Shift+Z");
        await Assertions.Expect(name).ToHaveValueAsync("Renamed");
    }

    [Fact]
    public async Task A_kept_draft_is_shown_and_can_be_discarded()
    {
        var page = await Editing();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Draft");
        await page.ReloadAsync();

        await Assertions.Expect(page.GetByText("This is your draft from")).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Draft");
        await page.GetByRole(AriaRole.Button, new() { Name = "Discard" }).ClickAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Offer follow-up");
        await page.ReloadAsync();
        await Assertions.Expect(page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync("Offer follow-up");
    }

    [Fact]
    public async Task A_change_since_the_draft_began_is_not_overwritten_until_the_user_has_compared()
    {
        var page = await Editing();
        await page.GetByLabel("Description (optional)").FillAsync("mine");
        (await Alice.Put(Sequence, """{"description":"theirs"}""")).ShouldBe(200);
        await Save(page);

        await Assertions.Expect(page.GetByText(ChangedMeanwhile)).ToBeVisibleAsync();
        (await Alice.Get(Sequence)).Json["description"]!.ToString().ShouldBe("theirs");

        await page.GetByRole(AriaRole.Button, new() { Name = "Compare with the current version" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Version 1 is published.")).ToBeVisibleAsync();
        (await Alice.Get(Sequence)).Json["description"]!.ToString().ShouldBe("mine");
    }

    [Fact]
    public async Task A_new_version_since_the_draft_began_is_shown_before_publishing()
    {
        var page = await Editing();
        await page.GetByLabel("Description (optional)").FillAsync("mine");
        (await Alice.Put(Sequence, """{"steps":[{"type":"SMS","message":"New"}]}""")).ShouldBe(200);
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish…" }).ClickAsync();

        await Assertions.Expect(page.GetByText(ChangedMeanwhile)).ToBeVisibleAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Publish version 3" })).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Signing_out_deletes_the_drafts()
    {
        var page = await Editing();
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Draft");
        (await page.EvaluateAsync<int>("() => localStorage.length")).ShouldBe(1);
        await page.GetByRole(AriaRole.Button, new() { Name = "FollowUp Production" }).ClickAsync();
        await page.GetByRole(AriaRole.Menuitem, new() { Name = "Sign out" }).ClickAsync();
        await page.WaitForURLAsync("**/signin");

        await page.WaitForFunctionAsync("() => localStorage.length === 0");
    }

    [Fact]
    public async Task A_held_Control_and_Enter_creates_one_sequence()
    {
        var page = await SignedIn();
        await page.GotoAsync("/sequences/new");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("Held");
        await page.EvaluateAsync(
            """
            () => [false, true, true, false].forEach(repeat =>
              window.dispatchEvent(new KeyboardEvent("keydown", { key: "Enter", ctrlKey: true, repeat, cancelable: true })))
            """
        );
        await page.WaitForURLAsync("**/sequences/*/edit");

        (await Alice.Get("/api/sequences")).Json["items"]!.AsArray().Count(each => each!["name"]!.ToString() == "Held").ShouldBe(1);
    }

    private async Task<IPage> Editing()
    {
        var page = await SignedIn();
        await page.GotoAsync($"/sequences/{Sequence.Split('/')[^1]}/edit");
        return page;
    }

    private static async Task Save(IPage page)
    {
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish…" }).ClickAsync();
        await page.RunAndWaitForResponseAsync(
            () => page.GetByRole(AriaRole.Button, new() { Name = "Save" }).ClickAsync(),
            response => response.Request.Method == "PUT"
        );
    }
}
