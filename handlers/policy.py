"""The numbers that a city may want different, with the defaults of domain.md; standard library only."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Policy:
    """Limits of conversation and escalation. Minutes unless the name says otherwise."""

    quiet_from_hour: int = 22  # quiet hours 22–07 (domain.md §9.2); only alarms pass
    quiet_to_hour: int = 7
    accept_remind: tuple[tuple[str, int], ...] = (("T0", 2), ("T1", 15), ("*", 60))
    accept_deputy: tuple[tuple[str, int], ...] = (("T0", 5), ("T1", 30), ("*", 120))
    accept_community: tuple[tuple[str, int], ...] = (("T0", 10), ("T1", 60), ("*", 240))
    return_within_work_minutes: int = 480  # 退单 within 1 working day (domain.md §2.3)
    return_complex_days: int = 2  # for T4
    dispatches_max: int = 3  # after 3 dispatches the desk designates
    accept_grid: tuple[tuple[str, int], ...] = (("T0", 8), ("T1", 45), ("*", 180))
    accept_street: tuple[tuple[str, int], ...] = (("T0", 20), ("T1", 120), ("*", 480))
    arrive_minutes: tuple[tuple[str, int], ...] = (("T0", 30), ("T1", 60), ("*", 240))  # 吹哨报到
    line_follow_minutes: int = 30  # after 转紧急专线 the desk follows up
    hang_days_max: int = 180  # 挂账 is looked at again at least this soon
    callbacks_max: int = 2  # a bad rating is called back so often, then it ends
    recur_times: int = 3  # the same matter at the same place
    recur_days: int = 90  # within these days: 主动治理 (domain.md §10 no. 16)
    contacts_max: int = 3  # tries to reach the reporter that may hold the clock, …
    contact_days: int = 2  # … on so many days at least (domain.md §2.9)
    contact_wait_hours: int = 24  # so long each of them holds it
    contact_review_days: int = 7  # after the last one it is 挂账「联系不上」, looked at again then
    takeover_minutes: int = 20  # so long somebody who talks with a resident may be silent; then the bot is back
    rating_silence_days: int = 7  # then 未评价 (§2.2 S7)
    reopen_days: int = 30
    # grids (domain.md §1.1, §3.3)
    micro_households: tuple[int, int] = (20, 30)  # a micro-grid outside is warned of, about 25 households
    change_ahead_days: int = 180  # a change of a leader or of borders is planned at most so far ahead
    leave_days_max: int = 60
    silent_days: int = 90  # a leader who was sent silent_tasks in so many days and took none 「从不应答」
    silent_tasks: int = 2
    idle_days: int = 90  # a leader who was sent nothing in so many days
    urge_gap_hours: int = 4
    urges_per_day: int = 3
    near_metres: int = 30
    near_days: int = 30
    pin_blur_metres: int = 100  # a pin that may be further off names no house
    album_minutes: int = 10  # a photo this soon after a report belongs to it
    dialog_hours: int = 12  # an unfinished talk is offered again within this time, then dropped
    danger_talk_minutes: int = 15  # after the last word about a danger another matter is a report of its own
    asked_max: int = 2  # not understood this often → a person
    open_per_person: int = 20  # open reports of one resident at once
    messages_per_minute: int = 20  # per sender (reliability.md T11); above: one short answer
    messages_per_day: int = 200
    claim_tries: int = 5  # wrong one-time codes before a lock of claim_lock_minutes
    claim_lock_minutes: int = 60
    # volunteering (domain.md §4)
    seat_offer_hours: int = 2  # a seat of the waiting list is kept this long for an answer
    signup_leave_hours: int = 12  # a sign-up can be taken back until then before the start
    absences_most: int = 3  # so many absences
    absence_days: int = 90  # within these days
    absence_low_days: int = 30  # put somebody behind the others for so long
    consent_hours: int = 24  # a minor's seat waits so long for the guardian
    checkin_before: int = 30  # minutes before the start
    checkin_after: int = 15
    checkout_after: int = 30  # minutes after the end; later it needs two persons
    fence_metres: int = 300  # around the place of an activity, 200–500
    hours_per_day: int = 8
    record_work_days: int = 10  # hours are recorded within (民政部令67号 art. 11)
    activity_remind_hours: int = 24
    team_members_min: int = 3
    # answers from the knowledge base (nlp/search.py): likeness 0–1
    knowledge_sure: float = 0.62  # answered at once
    knowledge_near: float = 0.36  # asked back
    knowledge_apart: float = 0.08  # so far ahead of the next
    knowledge_expiring_days: int = 30  # an answer that ends so soon is shown to the desk
    questions_told_minutes: int = 30  # the desk hears of open questions together
    # supervisors and members; full and half hours are crowded (wechat.md §11)
    digest_times: tuple[str, ...] = ("08:05", "16:35")  # Asia/Shanghai
    reminder_times: tuple[str, ...] = ("11:35", "17:35")
    digest_items: int = 5  # of the most pressing that a digest names
    matter_link_days: int = 90  # how long the page of a matter opens from the chat
    tasks_link_days: int = 14  # the same for a handler's list: it acts, so it is shorter
    # points 三治积分 (domain.md §5.2–5.4)
    points_valid_months: int = 24
    points_expiry_notice_days: int = 60
    points_burst: int = 3  # times a rule counts within ten minutes before somebody should look
    points_pair_looked_at: int = 10  # times a month one person approves the same other
    points_recheck_percent: int = 5
    points_second_above: int = 50  # more by hand needs two people
    points_appeal_workdays: int = 5
    points_notice_workdays: int = 5  # a month's points are shown so long before they stand
    points_freeze_days: int = 30  # a suspicion that nobody decides ends by itself
    help_days: int = 7  # what a neighbour asks for ends when nobody comes so long
    star_notice_workdays: int = 5  # 星级公示, at least 3
    points_redeem_days: int = 10  # a code of the shop is good for this long (7–15)
    points_redeem_month: int = 300  # at most redeemed a person and month
    points_ranking_size: int = 5
    points_levels: tuple[tuple[str, int], ...] = (("A", 900), ("B", 700), ("C", 500))
    points_statement_days: int = 30
    # announcements 公告 (domain.md §7.4, §9.2, §10 no. 7)
    announcement_second_above: int = 500  # more recipients need a second person
    announcement_title_most: int = 30  # characters
    announcement_words_most: int = 500  # one message of 2,048 bytes with title, sender and link
    announcement_day_most: int = 3  # 一般通知 a resident and day
    announcement_window_kept: int = 1  # messages of a resident's window that it leaves for answers (wechat.md §6)
    announcement_shown_days: int = 30
    announcement_listed: int = 5
    announcement_link_days: int = 30
    muster_hours: int = 72  # a mobilisation that nobody stood down ends by itself
    muster_purge_days: int = 30  # then the roster is destroyed (突发事件应对法 art. 85)
    storm_times: int = 20  # the same words so often …
    storm_minutes: int = 5  # … within these to one person: stopped

    def by_class(self, table: tuple[tuple[str, int], ...], level: str) -> int:
        """The table's value for a class T0…TC, else its "*"."""
        found = dict(table)
        return found.get(level, found["*"])
