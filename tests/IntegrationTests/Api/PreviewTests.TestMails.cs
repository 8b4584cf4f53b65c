using System.Text.Json.Nodes;
using FollowUp.IntegrationTests.Support;

namespace FollowUp.IntegrationTests.Api;

public sealed partial class PreviewTests
{
    [Fact]
    public async Task A_test_mail_is_marked_and_stores_nothing()
    {
        var sequence = await Alice.Sequence($$"""{"name":"Offer","steps":{{Steps}}}""");
        var before = await Rows();

        var answer = (
            await Alice.Post(
                $"{sequence}/test-send",
                """{ "to": "me@example.com", "step": 0, "variables": { "offer": { "address": "Elm St" } } }"""
            )
        )
            .ShouldBe(200)
            .Json;

        (answer["outcome"]!.ToString(), answer["subject"]!.ToString()).ShouldBe(("accepted", "[Test] Your offer on Elm St"));
        var mail = SendGrid.Accepted.Single(m => m.To == "me@example.com");
        (mail.Subject, mail.Header("X-FollowUp-Test"), mail.AttemptId).ShouldBe(("[Test] Your offer on Elm St", "true", Guid.Empty));
        (await Rows()).ShouldBe(before);
    }

    [Fact]
    public async Task A_test_mail_of_a_follow_up_is_a_reply()
    {
        var dora = await As("dora");
        var sequence = await dora.Sequence($$"""{"name":"Offer","steps":{{Steps}}}""");
        async Task<JsonNode> Send(string variant) =>
            (await dora.Post($"{sequence}/test-send", $$"""{ "to": "dora@example.com", "step": 2, "variant": "{{variant}}", {{Anna}} }"""))
                .ShouldBe(200)
                .Json;

        (await Send("A"))["subject"]!.ToString().ShouldBe("[Test] Re: Your offer on Main St 1");
        await Send("B");

        var mails = SendGrid.Accepted.Where(m => m.To == "dora@example.com").ToList();
        mails.Select(m => m.Html).ShouldBe(["<p>1.250,50 € until 1. März 2026</p>", "<p>B Main St 1</p>"]);
        // There is no such first mail, so none is named.
        mails.Select(m => m.Header("In-Reply-To")).ShouldBe([null, null]);
        // The first mail's subject is needed, its body is not.
        var two = await dora.Sequence(
            """{"name":"x","steps":[{"type":"EMAIL","subject":"Hi","body":"{{ offer.price }}"},{"type":"EMAIL","body":"Well?"}]}"""
        );
        (await dora.Post($"{two}/test-send", """{ "to": "dora@example.com", "step": 1 }""")).ShouldBe(200).Json["subject"]!
            .ToString()
            .ShouldBe("[Test] Re: Hi");
        (await dora.Post($"{sequence}/test-send", """{ "to": "dora@example.com", "step": 2.5 }"""))
            .ShouldBe(400)
            .Text.ShouldContain("whole number");
    }

    [Fact]
    public async Task A_test_mail_is_rejected_if_a_real_one_would_be()
    {
        var sequence = await Alice.Sequence($$"""{"name":"Offer","steps":{{Steps}}}""");
        async Task<Answer> Send(string body) => await Alice.Post($"{sequence}/test-send", body);

        (await Send("""{ "to": "no-address", "step": 0 }""")).ShouldBe(400).Fields.ShouldBe(["to"]);
        (await Send("""{ "to": "a@example.com", "step": 1 }""")).ShouldBe(400).Fields.ShouldBe(["step"]);
        (await Send("""{ "to": "a@example.com", "step": 0 }""")).ShouldBe(400).Fields.ShouldBe(["variables"]);
        (await Send("""{ "to": "a@example.com", "step": 2, "variant": "Z" }""")).ShouldBe(400).Fields.ShouldBe(["variant"]);
        (await Bob.Post($"{sequence}/test-send", """{ "to": "a@example.com", "step": 0 }""")).ShouldBe(404);
        await Database.Execute(
            "INSERT INTO suppression (id, owner_id, channel, address, reason, created_at) SELECT gen_random_uuid(), id, 'EMAIL', 'no@example.com', 'unsubscribed', now() FROM app_user WHERE subject = 'alice'"
        );
        var refused = await Send("""{ "to": "No@example.com", "step": 0, "variables": { "offer": { "address": "x" } } }""");
        refused.ShouldBe(409).Code.ShouldBe("suppressed");
        SendGrid.Accepted.ShouldNotContain(m =>
            m.To.EndsWith("@example.com", StringComparison.Ordinal)
            && m.Subject.StartsWith("[Test]", StringComparison.Ordinal)
            && m.To != "me@example.com"
        );
    }

    [Fact]
    public async Task Test_mails_are_rate_limited_per_minute()
    {
        var carol = await As("carol");
        var sequence = await carol.Sequence("""{"name":"x","steps":[{"type":"EMAIL"}]}""");

        var answers = new List<Answer>();
        for (var i = 0; i < 12; i++)
        {
            answers.Add(await carol.Post($"{sequence}/test-send", """{ "to": "me@example.com", "step": 5 }"""));
        }

        answers.Count(a => (int)a.Status == 429).ShouldBeGreaterThan(0);
        answers.First(a => (int)a.Status == 429).Headers.RetryAfter.ShouldNotBeNull();
    }
}
