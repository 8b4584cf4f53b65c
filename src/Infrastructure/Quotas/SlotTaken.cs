namespace FollowUp.Infrastructure.Quotas;

/// <summary>The outcome of an attempt to take a slot.</summary>
internal enum SlotTaken
{
    Yes,
    No,
    RecipientCapReached,
}
