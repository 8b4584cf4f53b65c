using System.Collections.Concurrent;
using System.Reflection;
using System.Text.Json;
using FollowUp.Application.Instances;
using FollowUp.Application.Preview;
using FollowUp.Application.Recipients;
using FollowUp.Application.Templates;
using FollowUp.IntegrationTests.Support;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace FollowUp.IntegrationTests.Limits;

/// <summary>Long work without the database holds no database session.</summary>
public sealed class HeldSessionTests(TestDatabase database) : EngineTest(database)
{
    private const int Sessions = 2;

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Rendering_a_preview_holds_no_session(bool isSaved)
    {
        var (node, templates) = await Watched();
        await using var _ = node;
        var sequence = await node.Sequence(Steps.Email(), Steps.WaitDays(1), Steps.Email());
        templates.Forget();
        var recipient = new RecipientInput("anna@example.com", "Anna", null, "Europe/Berlin");

        var preview = isSaved
            ? await node.Do(new PreviewSequence(sequence, new PreviewInput(recipient, null, null, null, null)))
            : await node.Do(new PreviewSteps(null, [Steps.Email(), Steps.Email()], recipient, null, null, null, null));

        preview.Steps.Count(step => step.Type == "EMAIL").ShouldBe(2);
        templates.Calls.ShouldContain(nameof(ITemplateRenderer.RenderEmail));
        templates.CallsWithASession.ShouldBeEmpty();
    }

    [Fact]
    public async Task Warnings_of_an_enrolment_are_computed_before_its_transaction()
    {
        var (node, templates) = await Watched();
        await using var _ = node;
        var sequence = await node.Sequence(Steps.Email("{{ variables.price | plus: 1 }}"));
        templates.Forget();

        var enrolled = await node.Do(
            new EnrollRecipient(
                sequence,
                new EnrolmentInput(
                    new RecipientInput("anna@example.com", "Anna", null, null),
                    JsonSerializer.SerializeToElement(new { other = 1 }),
                    null,
                    null
                )
            )
        );

        enrolled.Warnings.ShouldNotBeNull().ShouldNotBeEmpty();
        templates.Calls.ShouldContain(nameof(ITemplateRenderer.Fault));
        templates.Calls.ShouldContain(nameof(ITemplateRenderer.ValuesOf));
        templates.CallsWithASession.ShouldBeEmpty();
    }

    private async Task<(TestNode Node, WatchedTemplates Templates)> Watched()
    {
        WatchedTemplates? watched = null;
        var node = await TestNode.Create(
            Database,
            TimeProvider.System,
            services =>
            {
                var real = services.Last(service => service.ServiceType == typeof(ITemplateRenderer)).ImplementationType!;
                services.AddSingleton(provider =>
                {
                    var proxy = DispatchProxy.Create<ITemplateRenderer, WatchedTemplates>();
                    watched = (WatchedTemplates)(object)proxy;
                    watched.Inner = (ITemplateRenderer)ActivatorUtilities.CreateInstance(provider, real);
                    watched.Database = provider.GetRequiredService<NpgsqlDataSource>();
                    return proxy;
                });
            },
            ("ConnectionStrings:FollowUp", $"{Database.ConnectionString};Maximum Pool Size={Sessions};Timeout=1")
        );
        _ = node.Services.GetRequiredService<ITemplateRenderer>();
        return (node, watched!);
    }

    /// <summary>Checks at each call that the pool of requests has all its sessions.</summary>
    public class WatchedTemplates : DispatchProxy
    {
        private readonly ConcurrentQueue<string> _calls = [];
        private readonly ConcurrentQueue<string> _withASession = [];

        internal ITemplateRenderer Inner { get; set; } = null!;

        internal NpgsqlDataSource Database { get; set; } = null!;

        public IReadOnlyCollection<string> Calls => _calls;

        public IReadOnlyCollection<string> CallsWithASession => _withASession;

        public void Forget()
        {
            _calls.Clear();
            _withASession.Clear();
        }

        protected override object? Invoke(MethodInfo? targetMethod, object?[]? args)
        {
            _calls.Enqueue(targetMethod!.Name);
            if (!AllAreFree())
            {
                _withASession.Enqueue(targetMethod.Name);
            }

            return targetMethod.Invoke(Inner, args);
        }

        private bool AllAreFree()
        {
            List<NpgsqlConnection> taken = [];
            try
            {
                for (var n = 0; n < Sessions; n++)
                {
                    taken.Add(Database.OpenConnection());
                }

                return true;
            }
            catch (NpgsqlException none) when (none.InnerException is TimeoutException)
            {
                return false;
            }
            finally
            {
                taken.ForEach(connection => connection.Dispose());
            }
        }
    }
}
