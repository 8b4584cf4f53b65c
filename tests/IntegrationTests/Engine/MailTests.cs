using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Recipients;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>Content of mails: missing values, threads, variants and unsubscribe links.</summary>
public sealed class MailTests(TestDatabase database) : EngineTest(database)
{
    private static readonly StepInput Reply = new() { Type = "EMAIL", Body = "<p>Did you see it?</p>" };

    [Fact]
    public async Task A_mail_with_a_missing_value_is_not_sent_and_the_step_names_the_variable()
    {
        var node = await Worker();
        var sequence = await node.Sequence(
            Steps.Email(
                "{{ offer.title }}",
                "<p>{{ recipient.firstName }}, {{ offer.price | money: 'EUR' }} {{ variables.x | default: '-' }}</p>"
            )
        );

        var enrolled = await node.Enroll(sequence, variables: new { offer = new { title = " " } });
        var failed = await node.Becomes(enrolled.Id, "FAILED");

        enrolled
            .Warnings!.Select(w => (w.Code, w.Variable))
            .ShouldBe([("missingVariable", "offer.price"), ("missingVariable", "offer.title")]);
        failed.LastError.ShouldBe("offer.price, offer.title have neither values nor defaults.");
        failed.Attention.ShouldBe("failed");
        SendGrid.Requests.ShouldBe(0);
        (await Timeline(node, enrolled.Id))[^1].Content["error"]!.ToString().ShouldBe("missingVariables: offer.price, offer.title");
    }

    [Fact]
    public async Task A_variable_that_is_only_used_in_conditions_may_be_missing()
    {
        var node = await Worker();
        var sequence = await node.Sequence(
            Steps.Email("Hi", "<p>Hi{% if offer.price %} {{ offer.price }}{% endif %}{% for i in variables.l %}{{ i }}{% endfor %}</p>")
        );

        var enrolled = await node.Enroll(sequence);

        await node.Becomes(enrolled.Id, "COMPLETED");
        SendGrid.Accepted.Single().Html.ShouldBe("<p>Hi</p>");
    }

    [Fact]
    public async Task A_follow_up_without_a_subject_is_a_reply_to_the_first_mail_as_sent()
    {
        var node = await Worker();
        var sequence = await node.Sequence(
            Steps.Email("Your offer {{ offer.id }}"),
            Reply,
            Reply with
            {
                Thread = false,
            },
            Steps.Email("Another matter"),
            Steps.Email("Same matter") with
            {
                Thread = true,
            },
            new StepInput { Type = "EMAIL" }
        );

        var enrolled = await node.Enroll(sequence);
        await node.Becomes(enrolled.Id, "COMPLETED");

        var mails = SendGrid.Accepted.ToList();
        mails
            .Select(m => m.Subject)
            .ShouldBe([
                "Your offer offer-7",
                "Re: Your offer offer-7",
                "Still interested in our offer?",
                "Another matter",
                "Same matter",
                "Last note",
            ]);
        var first = mails[0].Header("Message-ID")!;
        first.ShouldMatch("^<[0-9a-f]{32}@followup.example>$");
        mails.Select(m => m.Header("Message-ID")).Distinct().Count().ShouldBe(6);
        mails.Select(m => m.Header("In-Reply-To")).ShouldBe([null, first, null, null, first, null]);
        mails.Select(m => m.Header("References")).ShouldBe([null, first, null, null, first, null]);
    }

    [Fact]
    public async Task A_resent_mail_keeps_its_Message_ID_and_its_replies_reference_it()
    {
        SendGrid.Default = new HttpAnswer.AcceptThenReset();
        var node = await Worker(("InDoubt:OnNoEvidence", "resend"), ("InDoubt:Grace", "00:00:00"));
        var enrolled = await node.Enroll(await node.Sequence(Steps.Email("Your offer"), Reply));
        await Called(1);
        SendGrid.Default = new HttpAnswer.Accept();

        await node.Becomes(enrolled.Id, "COMPLETED");

        var mails = SendGrid.Accepted.ToList();
        mails.Count.ShouldBeGreaterThanOrEqualTo(3);
        mails.SkipLast(1).Select(m => m.Header("Message-ID")).Distinct().ShouldHaveSingleItem();
        (mails[^1].Subject, mails[^1].Header("In-Reply-To")).ShouldBe(("Re: Your offer", mails[0].Header("Message-ID")));
    }

    [Fact]
    public async Task Each_recipient_keeps_one_variant_and_the_log_names_it()
    {
        var node = await Worker();
        var sequence = await node.Sequence(
            new StepInput
            {
                Type = "EMAIL",
                Body = "<p>same</p>",
                Variants = [new("A", 3, "for A", null), new("B", 1, "for B", "<p>other</p>"), new("C", 0.0001m, "for C", null)],
            }
        );

        var ids = new List<Guid>();
        for (var i = 0; i < 40; i++)
        {
            ids.Add((await node.Enroll(sequence)).Id);
        }

        foreach (var id in ids)
        {
            await node.Becomes(id, "COMPLETED");
            var variant = (await Timeline(node, id)).Single(e => e.Status == "sent").Content["variant"]!.ToString();
            var mail = SendGrid.Accepted.Single(m => m.InstanceId == id);
            (mail.Subject, mail.Html).ShouldBe(($"for {variant}", variant == "B" ? "<p>other</p>" : "<p>same</p>"));
        }

        var a = SendGrid.Accepted.Count(m => m.Subject == "for A");
        a.ShouldBeInRange(18, 39);
        (a + SendGrid.Accepted.Count(m => m.Subject == "for B")).ShouldBe(40);
    }

    [Fact]
    public async Task Every_mail_has_one_unsubscribe_link_and_a_List_Unsubscribe_header()
    {
        var node = await Worker(("PublicUrl", "https://mail.example.com/follow/"));
        var sequence = await node.Sequence(
            Steps.Email(body: "<p>Hi <a href=\"{{ unsubscribeUrl }}\">no more</a></p>"),
            Steps.Email("second")
        );

        await node.Becomes((await node.Enroll(sequence)).Id, "COMPLETED");

        var (first, second) = (SendGrid.Accepted.First(), SendGrid.Accepted.Last());
        var link = first.Header("List-Unsubscribe")!;
        link.ShouldMatch("^<https://mail.example.com/follow/u/[A-Za-z0-9_-]{80,300}>$");
        first.Html!.ShouldContain($"href=\"{link.Trim('<', '>')}\"");
        first.Header("List-Unsubscribe-Post").ShouldBe("List-Unsubscribe=One-Click");
        second.Header("List-Unsubscribe").ShouldBe(link);
        first.Json.ShouldNotContain(Convert.ToBase64String("anna"u8.ToArray()).TrimEnd('='));
    }

    [Fact]
    public async Task HTML_is_sent_without_elements_that_mail_clients_reject()
    {
        var node = await Worker();
        var sequence = await node.Sequence(
            Steps.Email(
                body: "<p onclick=\"x()\" style=\"color:#f00;position:fixed\">Hi {{ recipient.name }}<script>x()</script></p>{{ variables.h | raw }}"
            )
        );

        await node.Becomes(
            (
                await node.Enroll(sequence, variables: new { h = "<img src=x onerror=alert(1)><iframe src=https://evil.example></iframe>" })
            ).Id,
            "COMPLETED"
        );

        SendGrid.Accepted.Single().Html.ShouldBe("<p style=\"color:#f00;\">Hi Anna Schmidt</p><img src=x>");
    }

    [Fact]
    public async Task Unsubscribing_during_a_send_completes_it_and_sends_nothing_more()
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(300));
        var node = await Worker();
        var sequence = await node.Sequence(Steps.Email("first"), Steps.Email("second"));
        var enrolled = await node.Enroll(sequence, "anna@example.com");
        await Eventually.Holds(() => Task.FromResult(SendGrid.Requests == 1), "the first mail is being sent");
        var links = (FollowUp.Application.Delivery.IUnsubscribeLinks)
            node.Services.GetService(typeof(FollowUp.Application.Delivery.IUnsubscribeLinks))!;
        var link = await links.For(
            new(
                TestNode.Owner,
                new InstanceId(enrolled.Id),
                new Recipient(EmailAddress.Parse("anna@example.com")!.Value, null, null, null),
                "{}",
                null,
                "s",
                null
            ),
            CancellationToken.None
        );

        await node.Do(new FollowUp.Application.Delivery.Unsubscribe(link!.Split("/u/")[1]));

        var stopped = await node.Becomes(enrolled.Id, "STOPPED");
        stopped.StopReason.ShouldBe("unsubscribed");
        await Eventually.Holds(async () => await Database.Read<long>("SELECT count(*) FROM step_job") == 0, "its job is gone");
        (await Story(node, enrolled.Id)).ShouldBe(["enrolled", "stopped", "EMAIL sent"]);
        SendGrid.Accepted.Select(m => m.Subject).ShouldBe(["first"]);
    }
}
