using System.Collections;
using Ardalis.Result;
using FollowUp.Domain.Sequences;
using FollowUp.UnitTests.Support;

namespace FollowUp.UnitTests.Domain;

public sealed class VersionPlanTests
{
    private static readonly Dictionary<string, string?> NoMap = [];

    [Fact]
    public void An_instance_stays_at_its_step_at_any_new_position()
    {
        var plan = Map(Steps("a", "b", "c"), Steps("new", "a", "b", "c"));

        plan.Move(new(1), Had("a")).ShouldBe(new StepMove(StepMoveReason.SameStep, new(2)));
    }

    [Fact]
    public void A_removed_step_maps_to_the_next_remaining_one()
    {
        var plan = Map(Steps("a", "b", "c", "d"), Steps("a", "d"));

        plan.Move(new(1), Had("a")).ShouldBe(new StepMove(StepMoveReason.NextSurviving, new(1)));
    }

    [Fact]
    public void After_the_last_remaining_step_an_instance_is_completed()
    {
        var plan = Map(Steps("a", "b", "c"), Steps("a", "b"));

        plan.Move(new(2), Had("a", "b")).ShouldBe(new StepMove(StepMoveReason.SamePlace, new(2)));
    }

    [Fact]
    public void If_all_ids_are_new_no_instance_restarts()
    {
        var plan = Map(Steps("a", "b", "c"), Steps("x", "y", "z"));

        plan.Move(new(2), Had("a", "b")).ShouldBe(new StepMove(StepMoveReason.SamePlace, new(2)));
    }

    [Fact]
    public void An_executed_step_is_skipped_with_all_before_it()
    {
        var plan = Map(Steps("a", "b", "c"), Steps("b", "a", "c"));

        plan.Move(new(1), Had("a")).ShouldBe(new StepMove(StepMoveReason.AlreadyHad, new(2)));
    }

    [Fact]
    public void The_map_decides_and_cannot_lead_back_to_an_executed_step()
    {
        var plan = Map(Steps("a", "b", "c"), Steps("a", "d", "e"), new() { ["b"] = "e", ["c"] = "a" });
        var ends = Map(Steps("a", "b"), Steps("a", "b"), new() { ["b"] = null });

        plan.Move(new(1), Had("a")).ShouldBe(new StepMove(StepMoveReason.Mapped, new(2)));
        plan.Move(new(2), Had("a", "b")).ShouldBe(new StepMove(StepMoveReason.AlreadyHad, new(1)));
        ends.Move(new(1), Had("a")).ShouldBe(new StepMove(StepMoveReason.Mapped, new(2)));
    }

    [Fact]
    public void The_policy_content_migrates_if_only_texts_differ()
    {
        Step[] from = [An.Mail with { Id = "a" }, An.Days(1) with { Id = "b" }];
        Step[] texts = [new EmailStep("New", "<p>New</p>") { Id = "a" }, WaitStep.Of("PT24H")! with { Id = "b" }];
        Step[] longer = [An.Mail with { Id = "a" }, An.Days(2) with { Id = "b" }];

        new VersionPlan(MigrationPolicy.Content, from, texts, NoMap)
            .Move(new(1), Had("a"))
            .ShouldBe(new StepMove(StepMoveReason.SameStep, new(1)));
        new VersionPlan(MigrationPolicy.Content, from, longer, NoMap)
            .Move(new(1), Had("a"))
            .ShouldBe(new StepMove(StepMoveReason.ShapeDiffers, null));
        new VersionPlan(MigrationPolicy.Stay, from, texts, NoMap).Move(new(1), Had("a")).ShouldBe(new StepMove(StepMoveReason.Stays, null));
    }

    /// <summary>5,000 random pairs of versions with random maps, each from its own seed: every place has a target, none leads to what was had.</summary>
    [Fact]
    public void Every_step_has_a_target_after_the_executed_ones_or_ends_the_instance()
    {
        for (var seed = 0; seed < 5_000; seed++)
        {
            var random = new Random(seed);
            var (from, to) = (RandomSteps(random), RandomSteps(random));
            var map = RandomMap(random, from, to);
            if (Check(map, from, to).Count > 0)
            {
                map = [];
            }

            var policy = (MigrationPolicy)random.Next(1, 3);
            var plan = new VersionPlan(policy, from, to, map);
            for (var at = 0; at < from.Length; at++)
            {
                // What it had in this version, and in others that it was on before.
                var had = VersionPlan.HadBefore(from, new(at)).Concat(to.Where(_ => random.Next(8) == 0).Select(s => s.Id)).ToHashSet();
                had.Remove(from[at].Id);
                var move = plan.Move(new(at), had);
                if (move.To is not { } target)
                {
                    policy.ShouldBe(MigrationPolicy.Content, $"seed {seed}");
                    continue;
                }

                target.Value.ShouldBeInRange(0, to.Length, $"seed {seed}, step {at}");
                to.Skip(target.Value).Any(step => had.Contains(step.Id)).ShouldBeFalse($"seed {seed}, step {at}");
                if (policy == MigrationPolicy.Map && map.Count == 0 && had.SetEquals(VersionPlan.HadBefore(from, new(at))))
                {
                    // A step that precedes in both versions is not skipped.
                    var ahead = to.Select(s => s.Id).ToList().IndexOf(from[at].Id);
                    (ahead >= 0 && ahead < target.Value).ShouldBe(move.Reason == StepMoveReason.AlreadyHad && ahead >= 0, $"seed {seed}");
                }
            }
        }
    }

    [Theory]
    [InlineData("x", "b", "map.x")]
    [InlineData("a", "nowhere", "map.a")]
    [InlineData("a", "old", "map.a")]
    [InlineData("new", "b", "map.new")]
    public void A_map_has_old_steps_as_keys_and_new_steps_as_values(string from, string to, string field)
    {
        var errors = Check(new() { [from] = to }, Steps("a", "b", "old"), Steps("a", "b", "new"));

        errors.Select(error => error.Identifier).Distinct().ShouldBe([field]);
    }

    [Fact]
    public void A_map_may_keep_or_end_a_step_and_must_not_contain_a_cycle()
    {
        var (older, target) = (Steps("a", "b", "c"), Steps("a", "b", "c"));

        Check(
                new()
                {
                    ["a"] = "a",
                    ["b"] = null,
                    ["c"] = "b",
                },
                older,
                target
            )
            .ShouldBeEmpty();
        var loop = Check(
            new()
            {
                ["a"] = "b",
                ["b"] = "a",
                ["c"] = "a",
            },
            older,
            target
        );

        loop.Select(error => error.Identifier).ShouldBe(["map.a", "map.b"]);
        loop[0].ErrorMessage.ShouldBe("leads back to itself: a → b → a");
    }

    [Fact]
    public void The_error_names_all_members_of_cycles_and_truncates_a_long_one()
    {
        Dictionary<string, string?> map = new()
        {
            ["tail"] = "x",
            ["x"] = "y",
            ["y"] = "z",
            ["z"] = "x",
            ["end"] = null,
        };
        for (var i = 0; i < 150; i++)
        {
            map[$"long{i}"] = $"long{(i + 1) % 150}";
        }

        var steps = Steps([.. map.Keys]);
        var errors = Check(map, steps, steps);

        errors.Select(error => error.Identifier["map.".Length..]).Order().ShouldBe(map.Keys.Except(["tail", "end"]).Order());
        errors.Single(error => error.Identifier == "map.y").ErrorMessage.ShouldBe("leads back to itself: y → z → x → y");
        errors.ShouldAllBe(error => error.ErrorMessage.Length < 200);
    }

    /// <summary>A loop of 1,000 entries took 0.5 s and one of 6,000 took 108 s when each entry walked the whole loop and searched it at each step.</summary>
    [Fact]
    public void Checking_a_map_takes_linear_time()
    {
        static int Reads(int entries)
        {
            var map = new CountingMap(Enumerable.Range(0, entries).ToDictionary(i => $"s{i}", i => (string?)$"s{i + 1}"));
            StepMap.Check(map, new HashSet<string>(), new HashSet<string>());
            return map.Reads;
        }

        Reads(3_000).ShouldBeLessThanOrEqualTo(4 * 3_000);
    }

    [Fact]
    public void The_difference_names_what_was_added_removed_moved_and_edited()
    {
        Step[] from = [Mail("a"), Mail("b"), Mail("c"), Mail("d"), Mail("e")];
        Step[] to = [Mail("b"), Mail("c") with { Subject = "New" }, Mail("new"), Mail("a"), Mail("d")];

        var lines = StepChange.Between(from, to).Select(c => $"{(c.New ?? c.Old!).Id} {c.Kind} {c.From?.Value}>{c.To?.Value}");

        lines.ShouldBe(["b Unchanged 1>0", "c Edited 2>1", "new Added >2", "a Moved 0>3", "d Unchanged 3>4", "e Removed 4>"]);
    }

    private static IReadOnlyList<ValidationError> Check(Dictionary<string, string?> map, Step[] older, Step[] target) =>
        StepMap.Check(map, older.Select(step => step.Id).ToHashSet(), target.Select(step => step.Id).ToHashSet());

    private sealed class CountingMap(Dictionary<string, string?> map) : IReadOnlyDictionary<string, string?>
    {
        public int Reads { get; private set; }

        public int Count => map.Count;

        public IEnumerable<string> Keys => map.Keys;

        public IEnumerable<string?> Values => map.Values;

        public string? this[string key] => map[key];

        public bool ContainsKey(string key) => TryGetValue(key, out _);

        public bool TryGetValue(string key, out string? value)
        {
            Reads++;
            return map.TryGetValue(key, out value);
        }

        public IEnumerator<KeyValuePair<string, string?>> GetEnumerator() => map.GetEnumerator();

        IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();
    }

    private static VersionPlan Map(Step[] from, Step[] to, Dictionary<string, string?>? map = null) =>
        new(MigrationPolicy.Map, from, to, map ?? NoMap);

    private static HashSet<string> Had(params string[] ids) => [.. ids];

    private static Step[] Steps(params string[] ids) => [.. ids.Select(Mail)];

    private static EmailStep Mail(string id) => An.Mail with { Id = id };

    private static Step[] RandomSteps(Random random)
    {
        var ids = Enumerable.Range(0, 9).Select(n => $"s{n}").ToArray();
        random.Shuffle(ids);
        return
        [
            .. ids.Take(random.Next(1, 9))
                .Select(id => random.Next(3) == 0 ? (Step)(An.Days(1) with { Id = id }) : An.Mail with { Id = id }),
        ];
    }

    private static Dictionary<string, string?> RandomMap(Random random, Step[] from, Step[] to) =>
        from.Where(_ => random.Next(4) == 0).ToDictionary(step => step.Id, _ => random.Next(6) == 0 ? null : to[random.Next(to.Length)].Id);
}
