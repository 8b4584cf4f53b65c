using FollowUp.Application.Dispatch;
using FollowUp.Application.Instances;
using FollowUp.Application.Recipients;
using FollowUp.Domain.Instances;
using FollowUp.Infrastructure.Dispatch;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing.Fakes;
using Microsoft.Extensions.DependencyInjection;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>A step whose text cannot be stored affects no other step, and is recorded if its mail was sent.</summary>
public sealed class UnstorableTextTests(TestDatabase database) : EngineTest(database)
{
    private const int Innocents = 40;

    [Theory]
    [InlineData("{{ recipient.name | slice: 0, 1 }}")]
    [InlineData("{{ recipient.name | truncate: 1, '' }}x")]
    [InlineData("{{ 'AGE=' | base64_decode }}")]
    public async Task Unpaired_surrogates_and_null_characters_in_a_mail_put_no_step_in_doubt(string template)
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(50));
        var node = await Idle(("Dispatcher:Lanes", "64"));
        var poison = await node.Do(
            new EnrollRecipient(
                await node.Sequence(Steps.Email($"Re {template}", $"<p>{template}</p>")),
                new EnrolmentInput(new RecipientInput("poison@example.com", "😀 Müller", null, null), null, null, null)
            )
        );
        await node.EnrollMany(await node.Sequence(Steps.Email()), Innocents);

        await node.Start();

        await AllAreCompleted(Innocents + 1);
        SendGrid.Accepted.Count.ShouldBe(Innocents + 1);
        (await Story(node, poison.Id)).ShouldBe(["enrolled", "EMAIL sent", "completed"]);
        var sent = SendGrid.Accepted.Single(mail => mail.InstanceId == poison.Id);
        (
            await Database.Read<string>("SELECT subject || '|' || html || '|' || text FROM message WHERE instance_id = $1", poison.Id)
        ).ShouldBe($"{sent.Subject}|{sent.Html}|{sent.Text}", "what is kept is what was sent");
    }

    [Fact]
    public async Task A_text_message_with_an_unpaired_surrogate_is_sent_once()
    {
        await using var twilio = await FakeTwilio.Start();
        var node = await Worker(
            ("Twilio:AccountSid", twilio.AccountSid),
            ("Twilio:AuthToken", twilio.AuthToken),
            ("Twilio:From", "+15550100000"),
            ("Twilio:BaseUrl", twilio.Url)
        );
        var sequence = await node.Sequence(Steps.Sms("{{ recipient.name | slice: 0, 1 }}{{ 'AGE=' | base64_decode }}"));

        var instance = await node.Do(
            new EnrollRecipient(
                sequence,
                new EnrolmentInput(new RecipientInput("poison@example.com", "😀 Müller", "+4915112345678", null), null, null, null)
            )
        );

        await node.Becomes(instance.Id, "COMPLETED");
        twilio.Accepted.Single().Body.ShouldBe("\ufffda");
    }

    [Theory]
    [InlineData("message", "NEW.text LIKE '%poison%'")]
    [InlineData(
        "attempt",
        "NEW.provider_message_id IS NOT NULL AND NEW.instance_id IN (SELECT id FROM instance WHERE email LIKE 'poison%')"
    )]
    public async Task A_step_that_the_database_rejects_is_recorded_without_its_texts_and_the_batch_is_written(string table, string refused)
    {
        SendGrid.Default = new HttpAnswer.AcceptLate(TimeSpan.FromMilliseconds(50));
        var node = await Idle(("Dispatcher:Lanes", "64"));
        var poison = await node.Enroll(await node.Sequence(Steps.Email("Hello", "<p>poison</p>")), "poison@example.com");
        await node.EnrollMany(await node.Sequence(Steps.Email()), Innocents);
        await Database.Execute(
            $"""
            CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
              IF {refused} THEN RAISE EXCEPTION 'refused' USING ERRCODE = '22P05'; END IF; RETURN NEW; END $$;
            CREATE TRIGGER refuse BEFORE INSERT OR UPDATE ON {table} FOR EACH ROW EXECUTE FUNCTION refuse();
            """
        );
        try
        {
            await node.Start();
            await AllAreCompleted(Innocents + 1);
        }
        finally
        {
            await Database.Execute("DROP FUNCTION refuse() CASCADE");
        }

        SendGrid.Accepted.Count.ShouldBe(Innocents + 1);
        (await Database.Read<string>("SELECT status FROM attempt WHERE instance_id = $1", poison.Id)).ShouldBe("ACCEPTED");
        (await Database.Read<long>("SELECT count(*) FROM message")).ShouldBe(Innocents);
        (await Timeline(node, poison.Id)).Single(e => e.Status == "sent").Content["contentHash"]!.ToString().Length.ShouldBe(64);
    }

    [Fact]
    public async Task A_write_back_that_the_driver_cannot_encode_does_not_fail_its_batch()
    {
        var node = await Idle();
        await node.EnrollMany(await node.Sequence(Steps.Email()), 16);
        var outbox = node.Services.GetRequiredService<StepOutbox>();
        var claim = await outbox.Claim(16, CancellationToken.None);

        var written = await Task.WhenAll(
            claim.Steps.Select(
                (step, i) =>
                {
                    var now = step.ClaimedAt;
                    step.Instance.Apply(
                        new StepOutcome.Sent(Guid.NewGuid(), "hash", "sendgrid", null),
                        new([new Domain.Sequences.EmailStep("Hello", "<p>Hi</p>")]),
                        new OutcomeRules(RetryPolicy.Default, 0, TimeSpan.Zero),
                        now
                    );
                    var events = step.Instance.TakeEvents().Cast<FollowUpEvent>().ToList();
                    var attempt = new AttemptResult(AttemptStatus.Accepted, null, i == 8 ? "\ud83d" : "id");
                    return outbox.Complete(
                        new StepCompletion(step, step.Instance, events, now, attempt, null, null),
                        CancellationToken.None
                    );
                }
            )
        );

        claim.Steps.Count.ShouldBe(16);
        written.ShouldAllBe(result => result == WriteBack.Done);
        (await Database.Read<long>("SELECT count(*) FROM attempt WHERE status = 'ACCEPTED'")).ShouldBe(16);
    }

    private Task AllAreCompleted(int count) =>
        Eventually.Holds(
            async () => await Database.Read<long>("SELECT count(*) FROM instance WHERE status = 'COMPLETED'") == count,
            $"all {count} are completed"
        );
}
