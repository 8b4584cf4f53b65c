using System.Reflection;
using System.Text.RegularExpressions;
using ArchUnitNET.Domain;
using ArchUnitNET.Loader;
using FollowUp.Application.Messaging;
using FollowUp.Domain.Instances;

namespace FollowUp.UnitTests.Architecture;

/// <summary>The module graph of <c>docs/architecture.md</c>, held by the compiled code: a dependency against its direction fails here (ADR 102).</summary>
public sealed partial class ModuleTests
{
    /// <summary>The modules that each module uses directly. It may also use their modules.</summary>
    private static readonly Dictionary<string, string[]> Uses = new()
    {
        ["Accounts"] = [],
        ["Scheduling"] = ["Accounts"],
        ["Recipients"] = ["Accounts"],
        ["Operations"] = ["Accounts"],
        ["Templates"] = ["Recipients"],
        ["Sequences"] = ["Scheduling", "Templates"],
        ["Instances"] = ["Sequences", "Recipients", "Operations"],
        ["Delivery"] = ["Instances", "Templates"],
        ["Quotas"] = ["Instances"],
        ["Dispatch"] = ["Quotas", "Delivery"],
        ["Preview"] = ["Dispatch"],
        ["Sandbox"] = ["Preview"],
    };

    /// <summary>The parts that every module may use. They know <c>Accounts</c>, because each row has an owner, and no other module.</summary>
    private static readonly string[] Foundations = ["Shared", "Messaging", "Behaviors", "Bulk", "Persistence", "Telemetry", "Http"];

    /// <summary>What composes everything, and is no part of the graph.</summary>
    private static readonly string[] Composition =
    [
        "FollowUp.Infrastructure.FollowUpServices",
        "FollowUp.Infrastructure.Settings",
        "FollowUp.Web.Api",
    ];

    /// <summary>The host's parts: middleware, the OpenAPI document, the sample and the web console, which may know every module. No module uses them.</summary>
    private static readonly string[] Host = ["Platform", "OpenApi", "Sample", "WebConsole"];

    private static readonly string[] Floors = ["Domain", "Application", "Infrastructure", "Web"];

    private static readonly System.Reflection.Assembly[] Assemblies =
    [
        typeof(Instance).Assembly,
        typeof(Sender).Assembly,
        typeof(Infrastructure.FollowUpServices).Assembly,
        typeof(Program).Assembly,
    ];

    private static readonly ArchUnitNET.Domain.Architecture Code = new ArchLoader().LoadAssemblies(Assemblies).Build();

    [Fact]
    public void The_graph_has_no_cycle()
    {
        foreach (var module in Uses.Keys)
        {
            Below(module).ShouldNotContain(module);
        }
    }

    [Fact]
    public void A_module_uses_only_modules_below_it() =>
        Dependencies().Where(edge => IsAgainstDirection(edge.From, edge.To)).Select(edge => edge.Text).ShouldBeEmpty();

    [Fact]
    public void A_foundation_uses_no_module_but_Accounts() =>
        Dependencies().Where(edge => IsOfFoundation(edge.From, edge.To)).Select(edge => edge.Text).ShouldBeEmpty();

    /// <summary>The compiler copies constants, so the compiled code does not say whose they are. The source does.</summary>
    [Fact]
    public void Constants_are_used_in_the_same_direction() =>
        UsesOfConstants()
            .Where(use => use.To.TrueForAll(to => IsAgainstDirection(use.From, to) || IsOfFoundation(use.From, to)))
            .Select(use => use.Text)
            .ShouldBeEmpty();

    [Fact]
    public void Every_type_belongs_to_a_module_or_a_foundation() =>
        Code
            .Types.Where(type => Floor(SpaceOf(type)) is not null && PlaceOf(type) is null)
            .Select(type => type.FullName)
            .ShouldBe(Composition, ignoreOrder: true);

    [Fact]
    public void The_graph_equals_the_one_on_the_architecture_page()
    {
        var page = File.ReadAllText(Path.Combine(SourceFiles.Root, "docs/architecture.md"));
        var drawn = Regex
            .Matches(page, @"^\s+(\w+) --> (\w+)\s*$", RegexOptions.Multiline)
            .Select(match => $"{match.Groups[1].Value} uses {match.Groups[2].Value}");

        drawn.Order().ShouldBe(Uses.SelectMany(module => module.Value.Select(used => $"{module.Key} uses {used}")).Order());
    }

    private static bool IsAgainstDirection(Place from, Place to) =>
        from.IsModule && from.Name != to.Name && (Host.Contains(to.Name) || (to.IsModule && !Below(from.Name).Contains(to.Name)));

    /// <summary>The mapping to tables knows the domain of every module.</summary>
    private static bool IsOfFoundation(Place from, Place to) =>
        Foundations.Contains(from.Name)
        && to is { IsModule: true, Name: not "Accounts" }
        && !(from is { Floor: "Infrastructure", Name: "Persistence" } && to.Floor == "Domain");

    private static HashSet<string> Below(string module)
    {
        HashSet<string> below = [];
        Queue<string> next = new(Uses[module]);
        while (next.TryDequeue(out var used))
        {
            if (below.Add(used))
            {
                Array.ForEach(Uses[used], next.Enqueue);
            }
        }

        return below;
    }

    private static IEnumerable<(Place From, Place To, string Text)> Dependencies() =>
        from type in Code.Types
        let place = PlaceOf(type)
        where place is not null
        from target in type.Dependencies.Select(dependency => dependency.Target).Distinct()
        // A type parameter is named after the first method that has one like it.
        where target is not GenericParameter
        let used = PlaceOf(target)
        where used is not null
        select (place, used, $"{type.FullName} uses {target.FullName}");

    /// <summary>Types of several modules may have the same name, so a use names each place that has such a constant.</summary>
    private static IEnumerable<(Place From, List<Place> To, string Text)> UsesOfConstants()
    {
        const BindingFlags all = BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var constants = (
            from type in Assemblies.SelectMany(assembly => assembly.GetTypes())
            let place = PlaceOf(type.Namespace ?? "", type.FullName!)
            where place is not null
            from field in type.GetFields(all)
            where field is { IsLiteral: true, IsPrivate: false }
            select (Name: $"{type.Name}.{field.Name}", Place: place)
        ).ToLookup(constant => constant.Name, constant => constant.Place);
        constants.Count.ShouldBeGreaterThan(100);
        return from file in SourceFiles.In("src")
            let name = $"FollowUp.{file.Path["src/".Length..^".cs".Length].Replace('/', '.')}"
            let place = PlaceOf(name[..name.LastIndexOf('.')], name)
            where place is not null
            from line in file.Text.Split('\n')
            where !line.TrimStart().StartsWith("//", StringComparison.Ordinal)
            from match in Member().Matches(line)
            where constants.Contains(match.Value)
            select (place, constants[match.Value].ToList(), $"{file.Path} uses {match.Value}");
    }

    private static string? Floor(string space) =>
        Floors.FirstOrDefault(floor => space == $"FollowUp.{floor}" || space.StartsWith($"FollowUp.{floor}.", StringComparison.Ordinal));

    /// <summary>A type parameter has no namespace.</summary>
    private static string SpaceOf(IType type) => type.Namespace?.FullName ?? "";

    private static Place? PlaceOf(IType type) => PlaceOf(SpaceOf(type), type.FullName);

    private static Place? PlaceOf(string space, string fullName)
    {
        if (Floor(space) is not { } floor)
        {
            return null;
        }

        var parts = space.Split('.');
        return parts.Length == 2
            ? Composition.Contains(fullName)
                ? null
                : new Place(floor, "Shared", false)
            : Uses.ContainsKey(parts[2])
                ? new Place(floor, parts[2], true)
                : Foundations.Contains(parts[2]) || Host.Contains(parts[2])
                    ? new Place(floor, parts[2], false)
                    : null;
    }

    /// <summary>A member of a type.</summary>
    [GeneratedRegex(@"(?<![\w.])[A-Z]\w*\.[A-Z]\w*\b")]
    private static partial Regex Member();

    private sealed record Place(string Floor, string Name, bool IsModule);
}
