using Ardalis.Result;
using FollowUp.Application.Instances;
using FollowUp.Application.Preview;
using FollowUp.Application.Sequences;
using FollowUp.Domain.Instances;
using FollowUp.Domain.Sequences;
using FollowUp.Domain.Shared;
using FollowUp.IntegrationTests.Support;
using FollowUp.Testing;
using Npgsql;

namespace FollowUp.IntegrationTests.Engine;

/// <summary>A query consists of several statements. It returns a valid result for a deletion before any of them.</summary>
public sealed class DeletedMeanwhileTests(TestDatabase database) : EngineTest(database)
{
    [Fact]
    public Task A_list_of_sequences_omits_one_that_is_deleted_during_the_read() =>
        AnswersWhicheverStatementTheDeletionComesBefore((node, _, _) => node.Send(new ListSequences(null, null, null, null)));

    [Fact]
    public Task Why_is_404_if_the_sequence_is_deleted_during_the_read() =>
        AnswersWhicheverStatementTheDeletionComesBefore((node, _, instance) => node.Send(new ExplainInstance(instance)));

    [Fact]
    public Task A_sequence_is_404_if_it_is_deleted_during_the_read() =>
        AnswersWhicheverStatementTheDeletionComesBefore((node, sequence, _) => node.Send(new GetSequence(sequence)));

    [Fact]
    public Task Versions_are_404_if_their_sequence_is_deleted_during_the_read() =>
        AnswersWhicheverStatementTheDeletionComesBefore((node, sequence, _) => node.Send(new ListVersions(sequence, null, null)));

    [Fact]
    public Task A_verification_is_404_if_the_sequence_is_deleted_during_the_read() =>
        AnswersWhicheverStatementTheDeletionComesBefore((node, _, instance) => node.Send(new VerifyTimeline(instance)));

    [Fact]
    public Task A_plan_is_404_if_the_sequence_is_deleted_during_the_read() =>
        AnswersWhicheverStatementTheDeletionComesBefore(
            (node, sequence, _) => node.Send(new PlanVersion(sequence, [Steps.Email(), Steps.WaitDays(1)], null))
        );

    private async Task AnswersWhicheverStatementTheDeletionComesBefore<T>(Func<TestNode, SequenceId, InstanceId, Task<Result<T>>> query)
    {
        var direct = await Idle();
        for (var before = 1; ; before++)
        {
            await using var proxy = new PostgresProxy(new NpgsqlConnectionStringBuilder(Database.ConnectionString).Port);
            await using var node = await TestNode.Create(Database, SendGrid, Through(proxy));
            var sequence = await direct.Sequence(Steps.Email(), Steps.WaitDays(1));
            var instance = new InstanceId((await direct.Enroll(sequence)).Id);
            var statements = 0;
            proxy.Statement = (at, _) =>
            {
                if (at == Moment.Before && Interlocked.Increment(ref statements) == before)
                {
                    direct.Do(new DeleteSequence(sequence, null)).GetAwaiter().GetResult();
                }

                return false;
            };

            var answer = await query(node, sequence, instance);

            (answer.IsOk() || Error.Of(answer) is { Kind: ErrorKind.NotFound }).ShouldBeTrue();
            if (statements < before)
            {
                before.ShouldBeGreaterThan(2, "the deletion came between two statements");
                return;
            }
        }
    }

    private (string, string) Through(PostgresProxy proxy) =>
        (
            "ConnectionStrings:FollowUp",
            new NpgsqlConnectionStringBuilder(Database.ConnectionString)
            {
                Port = proxy.Port,
                SslMode = SslMode.Disable,
                GssEncryptionMode = GssEncryptionMode.Disable,
            }.ConnectionString
        );
}
