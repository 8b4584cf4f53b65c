using System.Reflection;
using System.Text.RegularExpressions;
using ArchUnitNET.Loader;
using ArchUnitNET.xUnit;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;
using MediatR;
using static ArchUnitNET.Fluent.ArchRuleDefinition;
using Assembly = System.Reflection.Assembly;

namespace FollowUp.UnitTests.Architecture;

/// <summary>The layers and the layout, held by the compiled code and by the source files themselves.</summary>
public sealed class LayerTests
{
    private static readonly Assembly DomainLayer = typeof(Instance).Assembly;
    private static readonly Assembly ApplicationLayer = typeof(Sender).Assembly;
    private static readonly Assembly WebLayer = typeof(Program).Assembly;

    private static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader()
        .LoadAssemblies(DomainLayer, ApplicationLayer, typeof(Infrastructure.FollowUpServices).Assembly, WebLayer)
        .Build();

    [Fact]
    public void Domain_references_the_base_library_Ardalis_Result_and_NodaTime_only() =>
        DomainLayer
            .GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(name => !name.StartsWith("System", StringComparison.Ordinal))
            .ShouldBeSubsetOf(["Ardalis.Result", "NodaTime", "netstandard"]);

    [Fact]
    public void Application_references_no_project_but_Domain() =>
        ApplicationLayer
            .GetReferencedAssemblies()
            .Select(a => a.Name!)
            .Where(name => name.StartsWith("FollowUp", StringComparison.Ordinal))
            .ShouldBe(["FollowUp.Domain"]);

    [Fact]
    public void Application_references_no_database_driver_and_no_web_framework() =>
        ApplicationLayer
            .GetReferencedAssemblies()
            .Select(a => a.Name!)
            .ShouldNotContain(name =>
                name.StartsWith("Npgsql", StringComparison.Ordinal) || name.StartsWith("Microsoft.AspNetCore", StringComparison.Ordinal)
            );

    /// <summary>The host may: it reads settings, authenticates and registers. So may the web console, which it serves, and the sample, which is loaded in Development only.</summary>
    [Fact]
    public void Routes_use_Application_and_not_Infrastructure() =>
        Types()
            .That()
            .ResideInNamespaceMatching(@"^FollowUp\.Web\.(?!Platform|Sample|WebConsole)")
            .Should()
            .NotDependOnAny(Types().That().ResideInNamespaceMatching("FollowUp.Infrastructure"))
            .Check(Code);

    [Fact]
    public void Nothing_outside_an_aggregate_sets_its_state() =>
        DomainLayer
            .GetTypes()
            .Where(type => type.IsClass && !type.IsAbstract)
            .SelectMany(type => type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly))
            .Where(property => property.SetMethod is { IsPublic: true } set && !IsInit(set))
            .Select(property => $"{property.DeclaringType!.Name}.{property.Name}")
            .ShouldBeEmpty();

    [Fact]
    public void The_domain_reads_no_clock() =>
        SourceFiles
            .In("src/Domain")
            .Where(file =>
                new[]
                {
                    "UtcNow",
                    "DateTime.Now",
                    "DateTimeOffset.Now",
                    "TimeProvider",
                    "Guid.NewGuid",
                    "CreateVersion7()",
                    "Stopwatch",
                }.Any(file.Text.Contains)
            )
            .Select(file => file.Path)
            .ShouldBeEmpty();

    /// <summary>In a sandbox <c>now()</c> and <c>clock_timestamp()</c> are its own clock; nothing could stand in for the words below.</summary>
    [Fact]
    public void SQL_reads_the_clock_only_by_the_two_functions_that_a_sandbox_replaces() =>
        SourceFiles
            .In("src/Infrastructure")
            .Where(file => !file.Path.StartsWith("src/Infrastructure/Sandbox/", StringComparison.Ordinal))
            .Where(file =>
                Regex.IsMatch(
                    file.Text,
                    // Lower or upper case, as SQL is written: LocalTime is a type.
                    @"\b(current_(timestamp|date|time)|CURRENT_(TIMESTAMP|DATE|TIME)|localtime(stamp)?|LOCALTIME(STAMP)?|(transaction|statement)_timestamp|timeofday)\b|pg_catalog\.|public\."
                )
            )
            .Select(file => file.Path)
            .ShouldBeEmpty();

    [Fact]
    public void Only_Messaging_the_behaviors_and_the_registration_use_MediatR() =>
        SourceFiles
            .In("src")
            .Where(file => file.Text.Contains("using MediatR", StringComparison.Ordinal))
            .Select(file => file.Path)
            .ShouldAllBe(path =>
                path.StartsWith("src/Application/Messaging/", StringComparison.Ordinal)
                || path.StartsWith("src/Application/Behaviors/", StringComparison.Ordinal)
                || path == "src/Infrastructure/FollowUpServices.cs"
            );

    [Fact]
    public void Handlers_are_internal_and_in_one_file_with_request_and_validator()
    {
        var handlers = ApplicationLayer
            .GetTypes()
            .Select(type => (Type: type, Request: type.GetInterfaces().FirstOrDefault(IsHandler)?.GetGenericArguments()[0]))
            .Where(pair => pair is { Request: not null, Type.IsInterface: false })
            .ToList();
        var files = SourceFiles.In("src/Application").ToList();

        handlers.Count.ShouldBeGreaterThan(20);
        foreach (var (handler, request) in handlers)
        {
            (handler.IsNotPublic && handler.IsSealed).ShouldBeTrue(handler.Name);
            handler.Name.ShouldBe($"{request!.Name}Handler");
            handler.Namespace.ShouldBe(request.Namespace);
            var file = files.Single(f =>
                f.Text.Contains($"record {request.Name}", StringComparison.Ordinal)
                && f.Text.Contains($"class {handler.Name}", StringComparison.Ordinal)
            );
            if (ApplicationLayer.GetTypes().Any(type => type.Name == $"{request.Name}Validator"))
            {
                file.Text.ShouldContain($"class {request.Name}Validator");
            }
        }
    }

    [Fact]
    public void API_routes_are_mapped_in_Routes_files() =>
        SourceFiles
            .In("src/Web")
            .Where(file => file.Text.Contains("api.Map", StringComparison.Ordinal))
            .Select(file => file.Path)
            .ShouldAllBe(path => path.EndsWith("Routes.cs", StringComparison.Ordinal) || path == "src/Web/Api.cs");

    [Fact]
    public void No_route_chooses_an_error_status() =>
        SourceFiles
            .In("src/Web")
            .Where(file => file.Path.EndsWith("Routes.cs", StringComparison.Ordinal))
            .Where(file =>
                file.Text.Contains("Results.Problem", StringComparison.Ordinal)
                || file.Text.Contains("Results.StatusCode", StringComparison.Ordinal)
            )
            .ShouldBeEmpty();

    private static bool IsHandler(System.Type type) => type.IsGenericType && type.GetGenericTypeDefinition() == typeof(IRequestHandler<,>);

    private static bool IsInit(MethodInfo setter) =>
        setter.ReturnParameter.GetRequiredCustomModifiers().Any(modifier => modifier.Name == "IsExternalInit");
}
